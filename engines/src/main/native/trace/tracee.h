#ifndef CORACLE_TRACE_TRACEE_H
#define CORACLE_TRACE_TRACEE_H

#include <stdbool.h>

/*
 * What the tracer does with the registers of a thread that has stopped at a system call. Written
 * for each architecture (arch/ARCH/tracee.c). 0, or -errno: -ESRCH when it was killed meanwhile.
 */

/*
 * A filter has left the call out: the thread goes on in the gate, just as if its code had been
 * patched.
 */
long tracee_redirect(int thread);

/*
 * The same where the kernel stops for every call, at its beginning and its end: only if this is the
 * beginning of one that the engine wants, and not made by the engine itself. TRACEE_ASKS if it is
 * the engine's question (trapping_let_go), then `whom` is set.
 */
enum { TRACEE_ASKS = 1 };
long tracee_redirect_if_wanted(int thread, int *whom);

/* A filter has stopped the thread before its call. TRACEE_ASKS as above, else 0. */
long tracee_asks(int thread, int *whom);

/* Leaves the call out that the thread has stopped before, with `result` for its answer. */
long tracee_answer(int thread, long result);

#endif
