#ifndef CORACLE_INTERCEPT_TRAPPING_H
#define CORACLE_INTERCEPT_TRAPPING_H

#include <stdbool.h>

/*
 * Modes F2 and P1: what was not patched, because nothing proved it or because it was generated
 * while the program runs, is trapped by the kernel (filter.h). In mode P2 the kernel dispatches it
 * to the tracer where it can (Syscall User Dispatch).
 */

/*
 * Asks the kernel for that, once for a whole tree of processes: it lasts over fork and execve,
 * where engine.trapping tells the new process. In mode P1 (`traced`) a tracer looks on. 0 or
 * -errno.
 */
long trapping_start(bool traced);

/*
 * For mode P2, which is F1 with a tracer. `dispatched`: the kernel sends every call of this thread
 * to the tracer that is not made by the engine's code, those that pass too.
 */
void trapping_start_traced(bool dispatched);

/* The same once more for a program that has just been executed: that ends a dispatch. 0 or -errno.
 */
long trapping_go_on(void);

/* The engine's code, from where calls are not dispatched. */
struct trapping_range {
	unsigned long begin;
	unsigned long end;
};
struct trapping_range trapping_dispatch_range(void);

/* Does the kernel trap calls that pass, too, so that they are better patched as the others are? */
bool trapping_takes_all(void);

/*
 * Modes P1 and P2, where the tracer sees what the kernel traps before any handler does: a site
 * without room for a jump is cheaper left as it is than made a trap of our own, and so is what the
 * guest writes.
 */
bool trapping_spares_sites(void);

/* Is this a call that the kernel trapped for us, rather than for a filter of the guest's? */
bool trapping_has(unsigned long pc, unsigned long number);

/*
 * In modes P1 and P2: asks the tracer to let go of a thread, 0 for the calling one, so that
 * somebody else can trace it. -ENOSYS where the calling thread has no tracer that knows the
 * question: a number that no call of the kernel's has.
 */
enum { TRAPPING_LET_GO = 0x3fff436f, TRAPPING_NOBODY = -1 };
enum { TRAPPING_SEEN = 0x5ee1 };
long trapping_let_go(int thread);

/*
 * In those modes: does the tracer see the calling thread? 0, or -ENOSYS. It says so by a number
 * that no register holds by chance: a debugger that swallows signals leaves the question's own
 * there.
 */
long trapping_is_seen(void);

/* Writes the instructions that let the engine's own calls through a guest's filter. */
struct filter;
void trapping_put_front(struct filter *filter);

/* Is it by the engine's doing that the kernel grants no new privileges? */
bool trapping_hides_no_new_privileges(void);

#endif
