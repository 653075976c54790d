#ifndef CORACLE_INTERCEPT_ALTERNATE_H
#define CORACLE_INTERCEPT_ALTERNATE_H

#include "intercept/slot.h"

struct ucontext;

/*
 * Calls from handlers on an alternate stack (sigaltstack(2)). The kernel looks at the stack pointer
 * to see whether that stack is in use. While the engine works on a slot's stack it seems free, and
 * the next signal's frame would be written over the handler's own. So it is put away for so long.
 */

/* A handler of the guest is about to be entered with this frame. */
void alternate_note(const struct ucontext *context);

/* 1 once any thread's handler ran on such a stack. */
extern unsigned char alternate_in_use;

/*
 * The gate's way to the slot's stack, and back, where alternate_in_use says so. On the guest's
 * stack: blocks the signals if that is an alternate one.
 */
void alternate_guard(struct slot *slot);

/*
 * On the slot's stack: puts the alternate one away and lets the signals in again. The gate gives it
 * back once the guest's stack is back, for then the kernel sees it in use again.
 */
void alternate_put_away(struct slot *slot);

#endif
