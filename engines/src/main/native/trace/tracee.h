#ifndef CORACLE_TRACE_TRACEE_H
#define CORACLE_TRACE_TRACEE_H

#include <stdbool.h>

/*
 * What the tracer does with the registers of a thread that has stopped at a system call. Written
 * for each architecture (arch/ARCH/tracee.c). 0, or -errno: -ESRCH when it was killed meanwhile.
 */

/*
 * Have the kernel send back every call from now on that is not made by the engine's own code
 * (Syscall User Dispatch). -errno where it cannot.
 */
long tracee_dispatch(int thread);

/*
 * A filter, or that, has left the call out: the thread goes on in the gate, just as if its code had
 * been patched: TRACEE_LED. TRACEE_ASKS if it is the engine's question (trapping_let_go), then
 * `whom` is set.
 */
enum { TRACEE_ASKS = 1, TRACEE_LED = 2 };
long tracee_redirect(int thread, int *whom);

/* A filter has stopped the thread before a 32-bit call: to the gate of those (compat.h). */
long tracee_redirect_compat(int thread);

/*
 * Does it run a 32-bit program, whose calls are nobody's without the tracer? 1, 0, or -errno where
 * its memory cannot be read.
 */
long tracee_is_compat(int thread);

/*
 * The same where the kernel stops for every call, at its beginning and its end: only if this is the
 * beginning of one that the engine wants, and not made by the engine itself. TRACEE_ASKS as above.
 */
long tracee_redirect_if_wanted(int thread, int *whom);

/* A filter has stopped the thread before its call. TRACEE_ASKS as above, else 0. */
long tracee_asks(int thread, int *whom);

/* Leaves the call out that the thread has stopped before, with `result` for its answer. */
long tracee_answer(int thread, long result);

#endif
