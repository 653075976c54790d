#ifndef CORACLE_INTERCEPT_CRASH_H
#define CORACLE_INTERCEPT_CRASH_H

#include <stdbool.h>

#include "intercept/slot.h"

struct crash {
	int signal;
	unsigned long pc;
	unsigned long address; /* what could not be read, written or executed */
};

/* Is this address in the code of the engine itself? */
bool crash_is_own(unsigned long pc);

/*
 * The engine itself has failed: says where, in which call of which code of the guest, and what lies
 * there. `slot` is NULL when it was not at work on a call.
 */
void crash_report(const struct slot *slot, const struct crash *crash);

#endif
