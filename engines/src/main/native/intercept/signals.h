#ifndef CORACLE_INTERCEPT_SIGNALS_H
#define CORACLE_INTERCEPT_SIGNALS_H

#include <linux/signal.h>

#include "base/sys.h"
#include "intercept/slot.h"

struct ucontext;

/*
 * The engine needs some signals for itself: SIGILL, raised by sites that hold a trap, SIGSEGV and
 * SIGBUS, raised by its own reading of the guest's memory, and in mode F2 SIGSYS, raised by calls
 * that are not patched. The guest keeps the use of all of them: its handlers are entered through
 * signal_entry, its masks never block these, and a
 * signal that arrives while the engine works on a slot is put off until the guest's own stack is
 * back.
 */

/* Before the guest's first instruction. */
void signals_start(void);

/* Around an execve(2): what the guest ignores must be ignored in the new program. */
void signals_before_exec(void);
void signals_after_failed_exec(void);

/* The program handles its signals alone: the engine's own become what it has been given. */
void signals_give_back(void);

/* Where a process keeps what the guest wants of a signal; at the same address in all of them. */
const struct sys_sigaction *signals_wish(int signal);

/* In the child of a fork, which has a copy of all memory. */
void signals_in_child(void);

/* The same for a child of clone3(2) with CLONE_CLEAR_SIGHAND, afterwards. */
void signals_cleared(void);

/*
 * Called by signal_entry with what the kernel gave. Returns the guest's handler to enter, or 0 to
 * go on with the (possibly changed) context.
 */
unsigned long signals_receive(int signal, siginfo_t *info, struct ucontext *context);

/* Called by the gate for a signal that was put off: hands it back to the kernel. */
void signals_requeue(struct slot *slot);

#endif
