#ifndef CORACLE_INTERCEPT_TRAPPING_H
#define CORACLE_INTERCEPT_TRAPPING_H

#include <stdbool.h>

/*
 * Mode F2: what was not patched, because nothing proved it or because it was generated while the
 * program runs, is trapped by the kernel (filter.h).
 */

/*
 * Asks the kernel for that, once for a whole tree of processes: it lasts over fork and execve,
 * where engine.trapping tells the new process. 0 or -errno.
 */
long trapping_start(void);

/* Is this a call that the kernel trapped for us, rather than for a filter of the guest's? */
bool trapping_has(unsigned long pc, unsigned long number);

/* Writes the instructions that let the engine's own calls through a guest's filter. */
struct filter;
void trapping_put_front(struct filter *filter);

/* Is it by the engine's doing that the kernel grants no new privileges? */
bool trapping_hides_no_new_privileges(void);

#endif
