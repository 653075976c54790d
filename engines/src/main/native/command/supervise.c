#include "command/supervise.h"

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/time.h>
#include <linux/wait.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/processes.h"
#include "command/run.h"
#include "syscall.h"

enum { GRACE_SECONDS = 2 };

static const long NANOSECONDS = 1000000000L;
static const long NEVER = -1;

/* What the supervisor changes for itself, and the guest must not see. */
struct before {
	unsigned long mask;
	struct sys_sigaction child_action;
};

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

static long now(void)
{
	struct __kernel_timespec time = {0};

	raw_syscall(__NR_clock_gettime, CLOCK_MONOTONIC, (long)&time, 0, 0, 0, 0);
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

/* How it ends, and what was done to it. */
struct ending {
	int status;
	bool timed_out;
};

/* The next signal; -EAGAIN when `end` is reached first. */
static long next_signal(unsigned long signals, siginfo_t *info, long end)
{
	long left = end - now();
	struct __kernel_timespec wait;

	if (end == NEVER)
		return raw_syscall(
			__NR_rt_sigtimedwait, (long)&signals, (long)info, 0, SYS_MASK_BYTES, 0, 0);
	if (left < 0)
		left = 0;
	wait.tv_sec = left / NANOSECONDS;
	wait.tv_nsec = left % NANOSECONDS;
	return raw_syscall(__NR_rt_sigtimedwait, (long)&signals, (long)info, (long)&wait,
		SYS_MASK_BYTES, 0, 0);
}

/*
 * Signals are blocked and taken one by one, so none is lost between two looks. When its time is up
 * the command is asked to end, and a while later made to.
 */
static struct ending wait_for_end(int child, unsigned long signals, unsigned long seconds)
{
	struct ending ending = {0};
	long end = seconds > 0 ? now() + (long)seconds * NANOSECONDS : NEVER;

	for (;;) {
		siginfo_t info = {0};
		long signal = next_signal(signals, &info, end);

		/* What a terminal sends goes to all of its foreground, the command included. */
		if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL)
			sys_kill(child, (int)signal);
		if (sys_wait4(child, &ending.status, WNOHANG) == child)
			return ending;
		if (signal != -EAGAIN)
			continue;
		sys_kill(child, ending.timed_out ? SIGKILL : SIGTERM);
		sys_kill(child, SIGCONT);
		end = ending.timed_out ? NEVER : now() + GRACE_SECONDS * NANOSECONDS;
		ending.timed_out = true;
	}
}

static void tell_time(unsigned long seconds)
{
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));

	text_add(&line, "the command was ended after ");
	text_add_number(&line, (long)seconds);
	text_add(&line, " seconds (--timeout)");
	report(line.at);
}

static int describe(struct text *line, int started, const struct ending *ending)
{
	int status = ending->status;
	int signal = status & 0x7f;

	if (started != 0) {
		text_add(line, "error ");
		text_add_number(line, started);
		text_add(line, started == EXIT_NOT_FOUND	? " command not found"
			       : started == EXIT_NOT_EXECUTABLE ? " command cannot be executed"
								: " engine could not start");
		return started;
	}
	if (ending->timed_out) {
		text_add(line, "timeout");
		return EXIT_TIMED_OUT;
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

static int tell(const struct options *options, int file, int started, const struct ending *ending)
{
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));
	int code = describe(&line, started, ending);
	long written;

	if (ending->timed_out)
		tell_time(options->timeout);
	if (file < 0)
		return code;
	text_add(&line, "\n");
	written = sys_write(file, line.at, line.length);
	if (written != (long)line.length) {
		report_error("cannot write", options->status, written < 0 ? written : -EIO);
		return EXIT_ENGINE;
	}
	return code;
}

/* The child's part: becomes the guest, or tells through the pipe why not. */
__attribute__((noreturn)) static void become_guest(
	const struct options *options, char **environment, int pipe, const struct before *before)
{
	unsigned char code;

	sys_rt_sigaction(SIGCHLD, &before->child_action, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &before->mask, NULL);
	code = (unsigned char)run_command(options, environment);
	/* If this fails the parent still has the exit code. */
	(void)sys_write(pipe, &code, sizeof(code));
	sys_exit_group(code);
}

/* A run needs a name of its own to be told from all others. */
static void name_run(struct options *options, struct text *name)
{
	unsigned long random[2] = {0, 0};

	if (options->run[0] != '\0')
		return;
	raw_syscall(__NR_getrandom, (long)random, sizeof(random), 0, 0, 0, 0);
	text_add_hex(name, random[0]);
	text_add_hex(name, random[1]);
	options->run = name->at;
}

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

int supervise_command(struct options *options, char **environment)
{
	unsigned long signals =
		bit(SIGTERM) | bit(SIGINT) | bit(SIGHUP) | bit(SIGQUIT) | bit(SIGCHLD);
	/* Where it is ignored a child is gone without a trace, and so is how it ended. */
	struct sys_sigaction plain = {.handler = (unsigned long)SIG_DFL};
	struct before before = {0};
	char name_bytes[64];
	struct text name = text_in(name_bytes, sizeof(name_bytes));
	struct ending ending;
	long file = -1;
	int pipe[2];
	long child;
	int started;

	if (options->status != NULL) {
		file = sys_openat(
			AT_FDCWD, options->status, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (file < 0) {
			report_error("cannot write", options->status, file);
			return EXIT_ENGINE;
		}
	}
	name_run(options, &name);
	sys_rt_sigprocmask(SIG_BLOCK, &signals, &before.mask);
	sys_rt_sigaction(SIGCHLD, &plain, &before.child_action);
	child = sys_pipe2(pipe, O_CLOEXEC);
	if (child == 0)
		child = sys_fork();
	if (child < 0) {
		report_error("cannot start a process", "", child);
		return EXIT_ENGINE;
	}
	if (child == 0)
		become_guest(options, environment, pipe[1], &before);
	sys_close(pipe[1]);
	started = wait_for_start(pipe[0]);
	ending = wait_for_end((int)child, signals, options->timeout);
	if (options->kill_on_exit || ending.timed_out)
		end_all(options);
	return tell(options, (int)file, started, &ending);
}
