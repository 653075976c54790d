#include "intercept/alternate.h"

#include <linux/signal.h>

#include "base/sys.h"
#include "context.h"
#include "intercept/masks.h"

_Static_assert(sizeof(stack_t) == sizeof(((struct slot *)0)->alternate), "intercept/slot.h");

/* Known to gate.S. */
unsigned char alternate_in_use;

void alternate_note(const struct ucontext *context)
{
	unsigned long low = (unsigned long)context->uc_stack.ss_sp;
	size_t size = context->uc_stack.ss_size;

	if ((unsigned long)context - low >= size)
		return;
	masks_note_alternate(low, size);
	alternate_in_use = 1;
}

void alternate_guard(struct slot *slot)
{
	unsigned long all = ~masks_own;

	if (!masks_on_alternate(slot->owner, slot->stack))
		return;
	sys_rt_sigprocmask(SIG_SETMASK, &all, &slot->alternate_mask);
	slot->alternate_away = 1;
}

void alternate_put_away(struct slot *slot)
{
	stack_t none = {.ss_flags = SS_DISABLE};

	if (slot->alternate_away == 0)
		return;
	/* It is not in use, as the kernel sees it, so nothing can be wrong with that. */
	(void)sys_sigaltstack(&none, slot->alternate);
	sys_rt_sigprocmask(SIG_SETMASK, &slot->alternate_mask, NULL);
}
