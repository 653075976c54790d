#include "finish.h"

#include "base/mem.h"
#include "intercept/dispatch.h"
#include "syscall.h"

long compat_finish(struct slot *slot, unsigned long number)
{
	const unsigned long *argument = slot->argument;
	enum slot_action action;

	slot->number = number;
	memcpy(slot->original, slot->argument, sizeof(slot->original));
	action = intercept_enter(slot);
	while (action != SLOT_DONE) {
		slot->result = raw_syscall((long)slot->number, (long)argument[0], (long)argument[1],
			(long)argument[2], (long)argument[3], (long)argument[4], (long)argument[5]);
		action = slot->leave != NULL ? intercept_leave(slot) : SLOT_DONE;
	}
	return slot->result;
}
