/* How guests catch signals, count them, and look at their mask. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <string.h>

static volatile int hits[65];

static inline void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO | flags;
	sigaction(signal, &action, NULL);
}

/* What the mask says, in one number. */
static inline unsigned mask_now(void)
{
	sigset_t set;
	unsigned bits = 0;

	sigprocmask(SIG_BLOCK, NULL, &set);
	for (int signal = 1; signal < 32; signal++)
		bits |= (unsigned)(sigismember(&set, signal) > 0) << (signal - 1);
	return bits;
}

#endif
