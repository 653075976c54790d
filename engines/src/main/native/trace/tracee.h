#ifndef CORACLE_TRACE_TRACEE_H
#define CORACLE_TRACE_TRACEE_H

#include <stdbool.h>

/*
 * What the tracer does with the registers of a thread that has stopped at the beginning of a system
 * call. Written for each architecture (arch/ARCH/tracee.c).
 */

/*
 * The kernel leaves the call out, and the thread goes on in the gate, just as if its code had been
 * patched. 0, or -errno: -ESRCH when it was killed meanwhile.
 */
long tracee_redirect(int thread);

/*
 * The same where the kernel stops for every call, at its beginning and its end: only if this is the
 * beginning of one that the engine wants, and not made by the engine itself.
 */
long tracee_redirect_if_wanted(int thread);

#endif
