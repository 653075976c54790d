#ifndef CORACLE_INTERCEPT_DISPATCH_H
#define CORACLE_INTERCEPT_DISPATCH_H

#include "intercept/slot.h"

/* Called by the gate with a system call of the guest; says what the gate is to do. */
enum slot_action intercept_enter(struct slot *slot);

/* And when the kernel has answered, if somebody asked for that (slot->leave). */
enum slot_action intercept_leave(struct slot *slot);

#endif
