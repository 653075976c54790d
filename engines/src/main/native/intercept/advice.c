#include <linux/errno.h>
#include <linux/mman.h>

#include "intercept/blocks.h"
#include "intercept/own.h"
#include "machine.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/* madvise(2): what a guest says about its memory, and what is not only the guest's. */

/* Younger than the oldest headers. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Does this advice take content away, or make it vanish in a child? */
static bool takes_away(int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_REMOVE:
	case MADV_DONTFORK:
	case MADV_WIPEONFORK:
	case MADV_GUARD_INSTALL:
		return true;
	default:
		return false;
	}
}

/* The kernel goes on after memory that is not there, and tells of it at the end. */
static long advise(unsigned long begin, unsigned long end, int advice)
{
	return begin < end ? raw_syscall(__NR_madvise, (long)begin, (long)(end - begin), advice, 0,
				     0, 0)
			   : 0;
}

/*
 * Pages of code come from their file again when their content is taken away: without the patches.
 * So nothing is done to them, which nobody can tell from the outside.
 */
static long advise_around(unsigned long begin, unsigned long end, int advice)
{
	unsigned long low;
	unsigned long high;
	long result = 0;

	while ((result == 0 || result == -ENOMEM) && begin < end &&
		blocks_next_file(begin, end - begin, &low, &high)) {
		long here = advise(begin, low, advice);

		result = here != 0 ? here : result;
		begin = high;
	}
	if (result == 0 || result == -ENOMEM) {
		long here = advise(begin, end, advice);

		result = here != 0 ? here : result;
	}
	return result;
}

enum slot_action advice_madvise(struct slot *slot)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	unsigned long begin = slot->argument[0];
	unsigned long end = begin + ((slot->argument[1] + page) & ~page);
	struct own_range engine = own_image();
	int advice = (int)slot->argument[2];

	if (!takes_away(advice) || (begin & page) != 0 || end <= begin)
		return SLOT_RUN;
	if (begin < engine.high && end > engine.low)
		return answer(slot, -EINVAL);
	if (advice == MADV_DONTFORK || !blocks_have_file(begin, end - begin))
		return SLOT_RUN;
	return answer(slot, advise_around(begin, end, advice));
}

/* For oneself too since Linux 6.13; before that the kernel said no to such advice. */
enum slot_action advice_process_madvise(struct slot *slot)
{
	return takes_away((int)slot->argument[3]) ? answer(slot, -EINVAL) : SLOT_RUN;
}
