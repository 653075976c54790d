#include "trace/keeper.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/signal.h>
#include <linux/wait.h>

#include "base/sys.h"
#include "trace/stops.h"

extern const char signal_restorer[];

/* The descriptors that the tracer keeps, by the numbers that it gives them. */
enum { JOIN, JOINED, RELEASED, KEPT };

/* The kernel of old has no call that closes a range. */
enum { DESCRIPTORS_MOST = 1 << 16 };

/*
 * The command is about to end, and then this process would be killed. It is told when that will not
 * happen any more.
 */
static void on_release(int signal)
{
	char byte = 0;

	(void)signal;
	sys_prctl(PR_SET_PDEATHSIG, 0, 0);
	/* If nobody reads this, nobody waits for it. */
	(void)sys_write(RELEASED, &byte, sizeof(byte));
}

/* What the command has open the tracer must not hold open: others wait for its end. */
static long keep_only(const int kept[KEPT])
{
	int away[KEPT];

	for (int i = 0; i < KEPT; i++) {
		away[i] = (int)sys_fcntl(kept[i], F_DUPFD, KEPT);
		if (away[i] < 0)
			return away[i];
	}
	for (int i = 0; i < KEPT; i++) {
		long error = sys_dup3(away[i], i, O_CLOEXEC);

		if (error < 0)
			return error;
	}
	if (sys_close_range(KEPT, ~0U) < 0) {
		for (int i = KEPT; i < DESCRIPTORS_MOST; i++)
			sys_close(i);
	}
	return 0;
}

/* Signals for the whole foreground, and those that stop, are the guest's and not the tracer's. */
static void take_no_signal(void)
{
	unsigned long mask = ~(1UL << (SIGUSR1 - 1));
	struct sys_sigaction action = {.handler = (unsigned long)on_release,
		.flags = SA_RESTORER | SA_RESTART,
		.restorer = (unsigned long)signal_restorer,
		.mask = ~0UL};

	sys_rt_sigaction(SIGUSR1, &action, NULL);
	sys_rt_sigprocmask(SIG_SETMASK, &mask, NULL);
}

__attribute__((noreturn)) static void keep(const int kept[KEPT], int parent, bool filtered)
{
	long error;
	int first = 0;

	take_no_signal();
	sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0);
	sys_prctl(PR_SET_NAME, (unsigned long)"coracle-tracer", 0);
	error = keep_only(kept);
	if (error < 0 || sys_getppid() != parent)
		sys_exit_group(1);
	if (sys_read(JOIN, &first, sizeof(first)) != (long)sizeof(first))
		sys_exit_group(0);
	error = stops_seize(first);
	sys_close(JOIN);
	if (sys_write(JOINED, &error, sizeof(error)) != (long)sizeof(error) || error < 0)
		sys_exit_group(1);
	sys_close(JOINED);
	stops_answer_all(filtered);
	sys_exit_group(0);
}

long keeper_start(struct keeper *keeper, bool filtered)
{
	int join[2];
	int joined[2];
	int released[2];
	int parent = (int)sys_getpid();
	unsigned long all = ~0UL;
	unsigned long before = 0;
	long error = sys_pipe2(join, O_CLOEXEC);

	if (error == 0)
		error = sys_pipe2(joined, O_CLOEXEC);
	if (error == 0)
		error = sys_pipe2(released, O_CLOEXEC);
	/* None may come to the new process before it is ready for it. */
	sys_rt_sigprocmask(SIG_SETMASK, &all, &before);
	if (error == 0)
		error = sys_fork();
	if (error != 0)
		sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
	if (error < 0)
		return error;
	if (error == 0)
		keep((const int[KEPT]){join[0], joined[1], released[1]}, parent, filtered);
	sys_close(join[0]);
	sys_close(joined[1]);
	sys_close(released[1]);
	*keeper = (struct keeper){(int)error, join[1], joined[0], released[0]};
	return 0;
}

long keeper_join(const struct keeper *keeper)
{
	int self = (int)sys_getpid();
	long error = -EIO;

	/* Yama wants to be told; a kernel without it knows no such option. */
	(void)sys_prctl(PR_SET_PTRACER, (unsigned long)keeper->process, 0);
	if (sys_write(keeper->join, &self, sizeof(self)) != (long)sizeof(self) ||
		sys_read(keeper->joined, &error, sizeof(error)) != (long)sizeof(error))
		return -EIO;
	return error;
}

void keeper_close(struct keeper *keeper)
{
	sys_close(keeper->join);
	sys_close(keeper->joined);
}

bool keeper_release(const struct keeper *keeper)
{
	char byte;
	int status = 0;
	bool alive;

	sys_kill(keeper->process, SIGUSR1);
	alive = sys_read(keeper->released, &byte, sizeof(byte)) == (long)sizeof(byte);
	sys_close(keeper->released);
	return !alive && sys_wait4(keeper->process, &status, 0) == keeper->process && status != 0;
}
