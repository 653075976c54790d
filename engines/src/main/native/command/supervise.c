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

static int tell(const struct options *options, int file, int started, int status)
{
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));
	int code = describe(&line, started, status);
	long written;

	text_add(&line, "\n");
	written = sys_write(file, line.at, line.length);
	if (written != (long)line.length) {
		report_error("cannot write", options->status, written < 0 ? written : -EIO);
		return EXIT_ENGINE;
	}
	return code;
}

int supervise_command(const struct options *options, char **environment)
{
	unsigned long signals =
		bit(SIGTERM) | bit(SIGINT) | bit(SIGHUP) | bit(SIGQUIT) | bit(SIGCHLD);
	long file = sys_openat(
		AT_FDCWD, options->status, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	/* Where it is ignored a child is gone without a trace, and so is how it ended. */
	struct sys_sigaction plain = {.handler = (unsigned long)SIG_DFL};
	struct sys_sigaction action = plain;
	unsigned long before = 0;
	int pipe[2];
	long child;
	int started;

	if (file < 0) {
		report_error("cannot write", options->status, file);
		return EXIT_ENGINE;
	}
	sys_rt_sigprocmask(SIG_BLOCK, &signals, &before);
	sys_rt_sigaction(SIGCHLD, &plain, &action);
	child = sys_pipe2(pipe, O_CLOEXEC);
	if (child == 0)
		child = sys_fork();
	if (child < 0) {
		report_error("cannot start a process", "", child);
		return EXIT_ENGINE;
	}
	if (child == 0) {
		unsigned char code;

		sys_rt_sigaction(SIGCHLD, &action, NULL);
		sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
		code = (unsigned char)run_command(options, environment);
		/* If this fails the parent still has the exit code. */
		(void)sys_write(pipe[1], &code, sizeof(code));
		sys_exit_group(code);
	}
	sys_close(pipe[1]);
	started = wait_for_start(pipe[0]);
	return tell(options, (int)file, started, wait_for_end((int)child, signals));
}
