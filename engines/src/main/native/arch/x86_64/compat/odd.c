#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#include "calls.h"
#include "finish.h"
#include "intercept/dispatch.h"
#include "intercept/guarded.h"
#include "rules/numbers.h"

/* Memory, which must not become or stay what the engine needs; and what a guest does to itself. */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

enum slot_action compat_range(struct slot *slot)
{
	return compat_is_engine(slot->argument[0], slot->argument[1]) ? answer(slot, -ENOMEM)
								      : SLOT_PASS;
}

enum slot_action compat_mremap(struct slot *slot)
{
	const unsigned long *argument = slot->argument;
	bool moves = (argument[3] & MREMAP_FIXED) != 0;

	return compat_is_engine(argument[0], argument[1]) ||
			       (moves && compat_is_engine(argument[4], argument[2]))
		       ? answer(slot, -EINVAL)
		       : SLOT_PASS;
}

/* Its arguments lie in memory. */
enum slot_action compat_old_mmap(struct slot *slot)
{
	unsigned words[6];

	if (guarded_copy(words, (const void *)slot->argument[0], sizeof(words)) < 0)
		return answer(slot, -EFAULT);
	return (words[3] & MAP_FIXED) != 0 && compat_is_engine(words[0], words[1])
		       ? answer(slot, -ENOMEM)
		       : SLOT_PASS;
}

/* The mask has two arguments here. */
enum slot_action compat_fanotify_mark(struct slot *slot)
{
	unsigned long *argument = slot->argument;

	argument[2] |= argument[3] << 32;
	argument[3] = argument[4];
	argument[4] = argument[5];
	slot->result = compat_finish(slot, __NR_fanotify_mark);
	return SLOT_DONE;
}

/* A filter's program has another layout, and would have to let the engine through. */
enum slot_action compat_prctl(struct slot *slot)
{
	if (slot->argument[0] == PR_SET_SECCOMP)
		return answer(slot, -EINVAL);
	slot->number = __NR_prctl;
	return intercept_enter(slot);
}
