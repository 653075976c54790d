#include "command/supervise.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/time.h>
#include <linux/wait.h>

#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/customise.h"
#include "command/child.h"
#include "command/outcome.h"
#include "command/processes.h"
#include "command/run.h"
#include "command/run_directory.h"

enum { GRACE_SECONDS = 2 };

static const long NANOSECONDS = 1000000000L;
static const long NEVER = -1;

static long now(void)
{
	struct timespec time = {0};

	sys_clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

/* The next signal; -EAGAIN when `end` is reached first. */
static long next_signal(unsigned long signals, siginfo_t *info, long end)
{
	long left = end - now();
	struct timespec wait;

	if (end == NEVER)
		return sys_rt_sigtimedwait(&signals, info, NULL);
	if (left < 0)
		left = 0;
	wait.tv_sec = left / NANOSECONDS;
	wait.tv_nsec = left % NANOSECONDS;
	return sys_rt_sigtimedwait(&signals, info, &wait);
}

/*
 * Signals are blocked and taken one by one, so none is lost between two looks. When its time is up
 * the command is asked to end, and a while later made to.
 */
static void wait_for_end(
	int child, unsigned long signals, unsigned long seconds, struct outcome *outcome)
{
	long end = seconds > 0 ? now() + (long)seconds * NANOSECONDS : NEVER;

	for (;;) {
		siginfo_t info = {0};
		long signal = next_signal(signals, &info, end);

		/* What a terminal sends goes to all of its foreground, the command included. */
		if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL)
			sys_kill(child, (int)signal);
		if (sys_wait4(child, &outcome->status, WNOHANG) == child)
			return;
		if (signal != -EAGAIN)
			continue;
		sys_kill(child, outcome->timed_out ? SIGKILL : SIGTERM);
		sys_kill(child, SIGCONT);
		end = outcome->timed_out ? NEVER : now() + GRACE_SECONDS * NANOSECONDS;
		outcome->timed_out = true;
	}
}

/* In the child: the guest's program, or an exit code in the pipe that says why not. */
__attribute__((noreturn)) static void start(
	const struct options *options, char **environment, int pipe)
{
	unsigned char code = (unsigned char)run_execute(options, environment);

	/* If this fails the parent still has the exit code. */
	(void)sys_write(pipe, &code, sizeof(code));
	sys_exit_group(code);
}

/* Runs the command in a child and waits for its end. 0, or -errno when there is no child. */
static long run_child(const struct options *options, char **environment, struct outcome *outcome)
{
	unsigned long signals = child_signal(SIGTERM) | child_signal(SIGINT) |
				child_signal(SIGHUP) | child_signal(SIGQUIT) |
				child_signal(SIGCHLD);
	/* Where it is ignored a child is gone without a trace, and so is how it ended. */
	struct sys_sigaction plain = {.handler = (unsigned long)SIG_DFL};
	struct sys_sigaction action = plain;
	unsigned long before = 0;
	int pipe[2];
	long child;

	sys_rt_sigprocmask(SIG_BLOCK, &signals, &before);
	sys_rt_sigaction(SIGCHLD, &plain, &action);
	child = sys_pipe2(pipe, O_CLOEXEC);
	if (child == 0)
		child = sys_fork();
	if (child < 0)
		return child;
	if (child == 0) {
		sys_rt_sigaction(SIGCHLD, &action, NULL);
		sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
		start(options, environment, pipe[1]);
	}
	sys_close(pipe[1]);
	outcome->started = child_wait_for_start(pipe[0]);
	wait_for_end((int)child, signals, options->timeout, outcome);
	return 0;
}

/* All that the command has left. */
static void end_all(const struct options *options)
{
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));
	unsigned left = processes_kill(options->run);

	if (left == 0)
		return;
	text_add(&line, "processes of the run that could not be ended: ");
	text_add_number(&line, left);
	report(line.at);
}

static bool ends_processes(const struct options *options)
{
	return options->kill_on_exit || options->timeout > 0;
}

static int run_and_tell(const struct options *options, char **environment, int file)
{
	struct outcome outcome = {.started = customise_start(options, environment)};
	bool stays;
	long error = 0;

	if (outcome.started == 0)
		outcome.started = run_prepare(options);
	stays = file >= 0 || run_made_directory() != NULL || customise_stays() ||
		ends_processes(options);
	if (outcome.started == 0 && !stays)
		return run_execute(options, environment);
	if (outcome.started == 0)
		error = run_child(options, environment, &outcome);
	if (options->kill_on_exit || outcome.timed_out)
		end_all(options);
	if (run_made_directory() != NULL)
		run_directory_remove(run_made_directory());
	customise_end();
	if (error < 0) {
		report_error("cannot start a process", "", error);
		return EXIT_ENGINE;
	}
	return outcome_tell(&outcome, options, file);
}

/* A run needs a name of its own to be told from all others. 0 or -errno. */
static long name_run(struct options *options, struct text *name)
{
	unsigned long random[2];

	if (options->run[0] != '\0')
		return 0;
	if (sys_getrandom(random, sizeof(random)) != (long)sizeof(random))
		return -EIO;
	text_add_hex(name, random[0]);
	text_add_hex(name, random[1]);
	options->run = name->at;
	return 0;
}

int supervise_command(struct options *options, char **environment)
{
	char bytes[64];
	struct text name = text_in(bytes, sizeof(bytes));
	long file = outcome_open(options);

	if (file < 0 && options->status != NULL)
		return EXIT_ENGINE;
	if (ends_processes(options) && name_run(options, &name) < 0) {
		report("no random number for the name of the run; give one with --run-id");
		return EXIT_ENGINE;
	}
	return run_and_tell(options, environment, (int)file);
}
