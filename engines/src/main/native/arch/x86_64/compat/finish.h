#ifndef CORACLE_COMPAT_FINISH_H
#define CORACLE_COMPAT_FINISH_H

#include "intercept/slot.h"

/*
 * Makes a call that never waits, as the 64-bit one of that number, with the slot's arguments: for
 * those whose answer has to be rewritten. Its result.
 */
long compat_finish(struct slot *slot, unsigned long number);

#endif
