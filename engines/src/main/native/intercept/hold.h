#ifndef CORACLE_INTERCEPT_HOLD_H
#define CORACLE_INTERCEPT_HOLD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is about to become executable is looked at while nobody can execute it. If it could
 * be executed before, other threads may be there: they fault, and wait here until it is over.
 */

/* One at a time; whoever comes second waits. */
void hold_take(unsigned long address, size_t length);
void hold_drop(void);

/*
 * After a fault for want of an instruction at this address: true when it may be tried again, for
 * the memory was held then, and is executable now.
 */
bool hold_waited(unsigned long address);

/* This memory is not executable any more, or not there. */
void hold_forget(unsigned long address, size_t length);

/* In the child of a fork whoever held memory is not there. */
void hold_in_child(void);

#endif
