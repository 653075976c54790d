#include "command/supervise.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/run.h"
#include "command/run_directory.h"

static unsigned long bit(int signal)
{
	return 1UL << (signal - 1);
}

/*
 * Waits until the child has executed the guest's program, which closes the pipe, or has told why
 * not with an exit code in it. Returns that code, 0 when the guest has started.
 */
static int wait_for_start(int pipe)
{
	unsigned char code = 0;
	long got;

	do {
		got = sys_read(pipe, &code, sizeof(code));
	} while (got == -EINTR);
	sys_close(pipe);
	return got == 1 ? code : 0;
}

/* Signals are blocked and taken one by one, so none is lost between two looks. */
static int wait_for_end(int child, unsigned long signals)
{
	int status = 0;

	for (;;) {
		long signal = sys_rt_sigtimedwait(&signals);
		long ended;

		if (signal > 0 && signal != SIGCHLD)
			sys_kill(child, (int)signal);
		ended = sys_wait4(child, &status, WNOHANG);
		if (ended == child)
			return status;
	}
}

static int describe(struct text *line, int started, int status)
{
	int signal = status & 0x7f;

	if (started != 0) {
		text_add(line, "error ");
		text_add_number(line, started);
		text_add(line, started == EXIT_NOT_FOUND	? " command not found"
			       : started == EXIT_NOT_EXECUTABLE ? " command cannot be executed"
								: " engine could not start");
		return started;
	}
	if (signal != 0) {
		text_add(line, "signal ");
		text_add_number(line, signal);
		return 128 + signal;
	}
	text_add(line, "exit ");
	text_add_number(line, status >> 8 & 0xff);
	return status >> 8 & 0xff;
}

/* Of the status line, and more than the longest. */
enum { STATUS_BYTES = 80 };

/* The guest may fill the disk, and how it ended has to be told all the same: empty lines keep room.
 */
static long keep_room(int file)
{
	char lines[STATUS_BYTES];
	long written;

	memset(lines, '\n', sizeof(lines));
	written = sys_pwrite(file, lines, sizeof(lines), 0);
	return written < 0 ? written : 0;
}

static int tell(const struct options *options, int file, int started, int status)
{
	char bytes[STATUS_BYTES];
	struct text line = text_in(bytes, sizeof(bytes));
	int code = describe(&line, started, status);
	long written = sys_pwrite(file, line.at, line.length, 0);

	if (written != (long)line.length) {
		report_error("cannot write", options->status, written < 0 ? written : -EIO);
		return EXIT_ENGINE;
	}
	return code;
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

struct outcome {
	int started; /* 0, or the exit code that says why not */
	int status;  /* as wait(2) tells it */
};

/* Runs the command in a child and waits for its end. 0, or -errno when there is no child. */
static long run_child(const struct options *options, char **environment, struct outcome *outcome)
{
	unsigned long signals =
		bit(SIGTERM) | bit(SIGINT) | bit(SIGHUP) | bit(SIGQUIT) | bit(SIGCHLD);
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
	outcome->started = wait_for_start(pipe[0]);
	outcome->status = wait_for_end((int)child, signals);
	return 0;
}

static int run_and_tell(const struct options *options, char **environment, int file)
{
	struct outcome outcome = {.started = run_prepare(options)};
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));
	long error = 0;

	if (outcome.started == 0 && file < 0 && run_made_directory() == NULL)
		return run_execute(options, environment);
	if (outcome.started == 0)
		error = run_child(options, environment, &outcome);
	if (run_made_directory() != NULL)
		run_directory_remove(run_made_directory());
	if (error < 0) {
		report_error("cannot start a process", "", error);
		return EXIT_ENGINE;
	}
	return file < 0 ? describe(&line, outcome.started, outcome.status)
			: tell(options, file, outcome.started, outcome.status);
}

int supervise_command(const struct options *options, char **environment)
{
	long file = -1;
	long error;

	if (options->status != NULL) {
		file = sys_openat(
			AT_FDCWD, options->status, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		error = file < 0 ? file : keep_room((int)file);
		if (error < 0) {
			report_error("cannot write", options->status, error);
			return EXIT_ENGINE;
		}
	}
	return run_and_tell(options, environment, (int)file);
}
