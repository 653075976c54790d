#include "command/init.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/wait.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/child.h"
#include "command/outcome.h"
#include "command/search.h"

enum { PROGRAM_BYTES = 4096 };

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* Whole variables stay in the words: those of --env, moved to their beginning, ended by NULL. */
static int read_words(struct options *options, char **words)
{
	size_t variables = 0;
	size_t at = 0;

	for (; words[at] != NULL && strcmp(words[at], "--") != 0; at++) {
		const char *variable = options_value(words[at], "--env=");
		const char *status = options_value(words[at], "--status=");
		const char *directory = options_value(words[at], "--cwd=");
		const char *user = options_value(words[at], "--user=");

		if (variable != NULL)
			words[variables++] = words[at] + strlen("--env=");
		else if (status != NULL)
			options->status = status;
		else if (directory != NULL)
			options->directory = directory;
		else if (user != NULL)
			options->user = user;
		else
			break;
	}
	if (words[at] == NULL || strcmp(words[at], "--") != 0 || words[at + 1] == NULL ||
		options->status == NULL) {
		report("expected init --status=FILE [--cwd=DIR] [--user=UID:GID] "
		       "[--env=NAME=VALUE]... -- COMMAND");
		return -1;
	}
	options->command = words + at + 1;
	words[variables] = NULL;
	return 0;
}

/* As execvp(3). Returns the error. */
static long execute(char **command, char **environment)
{
	const char *path = search_path(environment, default_path);
	long worst = -ENOENT;

	if (search_is_path(command[0]))
		return sys_execve(command[0], command, environment);
	while (path != NULL) {
		static char bytes[PROGRAM_BYTES];
		struct text program = text_in(bytes, sizeof(bytes));
		long error;

		search_next(&path, command[0], &program);
		error = program.overflow ? -ENAMETOOLONG : sys_execve(bytes, command, environment);
		if (error == -EACCES)
			worst = error;
		else if (error != -ENOENT && error != -ENOTDIR)
			return error;
	}
	return worst;
}

/* Becomes UID:GID, with no other group. */
static long become(const char *user)
{
	unsigned long uid = 0;
	unsigned long gid = 0;
	size_t digits = text_read_number(user, &uid);
	long error = 0;

	if (digits == 0 || user[digits] != ':' || text_read_number(user + digits + 1, &gid) == 0)
		return -EINVAL;
	if (uid == 0 && gid == 0)
		return 0;
	error = sys_setgroups(0, NULL);
	if (error == 0)
		error = sys_setresgid((int)gid, (int)gid, (int)gid);
	if (error == 0)
		error = sys_setresuid((int)uid, (int)uid, (int)uid);
	return error;
}

/* In the child: the command, or an exit code in the pipe that says why not. */
__attribute__((noreturn)) static void start(
	const struct options *options, char **environment, int pipe)
{
	unsigned char code = EXIT_ENGINE;
	long error = options->user != NULL ? become(options->user) : 0;

	if (error < 0) {
		report_error("cannot become the user", options->user, error);
	} else if ((error = sys_chdir(options->directory)) < 0) {
		report_error("cannot enter the directory", options->directory, error);
	} else {
		error = execute(options->command, environment);
		report_error("cannot run", options->command[0], error);
		code = error == -ENOENT || error == -ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	}
	(void)sys_write(pipe, &code, sizeof(code));
	sys_exit_group(code);
}

/* Every process that has lost its parent is ours to bury; the command's own end ends the wait. */
static void wait_for_end(int child, unsigned long signals, int *status)
{
	for (;;) {
		siginfo_t info = {0};
		long signal = sys_rt_sigtimedwait(&signals, &info, NULL);
		long buried;
		int how = 0;

		if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL)
			sys_kill(child, (int)signal);
		while ((buried = sys_wait4(-1, &how, WNOHANG)) > 0) {
			if (buried != child)
				continue;
			*status = how;
			return;
		}
	}
}

static long run(const struct options *options, char **environment, struct outcome *outcome)
{
	unsigned long signals = child_signal(SIGTERM) | child_signal(SIGINT) |
				child_signal(SIGHUP) | child_signal(SIGQUIT) |
				child_signal(SIGCHLD) | child_signal(SIGUSR1) |
				child_signal(SIGUSR2) | child_signal(SIGWINCH);
	struct sys_sigaction plain = {.handler = (unsigned long)SIG_DFL};
	unsigned long before = 0;
	int pipe[2];
	long child;

	sys_rt_sigprocmask(SIG_BLOCK, &signals, &before);
	sys_rt_sigaction(SIGCHLD, &plain, NULL);
	child = sys_pipe2(pipe, O_CLOEXEC);
	if (child == 0)
		child = sys_fork();
	if (child < 0)
		return child;
	if (child == 0) {
		sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
		start(options, environment, pipe[1]);
	}
	sys_close(pipe[1]);
	outcome->started = child_wait_for_start(pipe[0]);
	wait_for_end((int)child, signals, &outcome->status);
	return 0;
}

int init_command(char **words)
{
	struct options options = {.directory = "/"};
	struct outcome outcome = {0};
	long file;
	long error;

	if (read_words(&options, words) < 0)
		return EXIT_ENGINE;
	file = outcome_open(&options);
	if (file < 0)
		return EXIT_ENGINE;
	error = run(&options, words, &outcome);
	if (error < 0) {
		report_error("cannot start a process", "", error);
		return EXIT_ENGINE;
	}
	return outcome_tell(&outcome, &options, (int)file);
}
