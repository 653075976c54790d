#ifndef CORACLE_INTERCEPT_TRAPPING_H
#define CORACLE_INTERCEPT_TRAPPING_H

#include <stdbool.h>

/*
 * Modes F2 and P1: what was not patched, because nothing proved it or because it was generated
 * while the program runs, is trapped by the kernel (filter.h).
 */

/*
 * Asks the kernel for that, once for a whole tree of processes: it lasts over fork and execve,
 * where engine.trapping tells the new process. In mode P1 (`traced`) a tracer is told. 0 or -errno.
 */
long trapping_start(bool traced);

/* The same for mode P2, where the tracer needs no help of the kernel's. */
void trapping_start_traced(void);

/* Is it a tracer that catches what was not patched? */
bool trapping_by_tracer(void);

/* Is this a call that the kernel trapped for us, rather than for a filter of the guest's? */
bool trapping_has(unsigned long pc, unsigned long number);

/* Writes the instructions that let the engine's own calls through a guest's filter. */
struct filter;
void trapping_put_front(struct filter *filter);

/* Is it by the engine's doing that the kernel grants no new privileges? */
bool trapping_hides_no_new_privileges(void);

#endif
