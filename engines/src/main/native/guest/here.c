#include "guest/here.h"

#include "base/mem.h"
#include "intercept/changes.h"
#include "intercept/engine.h"
#include "intercept/translate.h"
#include "rules/calls.h"
#include "rules/rule.h"
#include "ticks.h"

enum { HERE_BYTES = 200 };

/* Calls that go elsewhere: those that began in the low half, those that ended in the high half. */
enum { ENDED_SHIFT = 32 };

#define ONE_ENDED (1UL << ENDED_SHIFT)

static struct {
	unsigned long moves;
	unsigned apart;	  /* children that are on their own */
	unsigned version; /* odd while the rest is written */
	struct here_moment moment;
	size_t length;
	char guest[HERE_BYTES];
} here;

bool here_still(unsigned long *moves)
{
	unsigned long state = __atomic_load_n(&here.moves, __ATOMIC_ACQUIRE);

	*moves = state;
	return (unsigned)state == (unsigned)(state >> ENDED_SHIFT) &&
	       __atomic_load_n(&here.apart, __ATOMIC_ACQUIRE) == 0 &&
	       (__atomic_load_n(&engine.trapping, __ATOMIC_RELAXED) & GUEST_DIRECTORY) == 0;
}

bool here_stayed(unsigned long moves)
{
	unsigned long now;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return here_still(&now) && now == moves;
}

static bool is_same(const struct here_moment *then, const struct here_moment *now)
{
	return then->links == now->links && then->moves == now->moves &&
	       now->age - then->age <= MACHINE_TICKS_SHORT;
}

bool here_begin(struct here_moment *moment)
{
	moment->age = machine_ticks();
	/* In an overlay the kernel's answer is not all there is to it. */
	return !engine.view.upper && here_still(&moment->moves) && changes_steady(&moment->links);
}

bool here_find(struct text *guest)
{
	unsigned version = __atomic_load_n(&here.version, __ATOMIC_ACQUIRE);
	struct here_moment now;

	if (version == 0 || version % 2 != 0 || !here_begin(&now) || !is_same(&here.moment, &now))
		return false;
	text_clear(guest);
	/* Not more than there is room for, whatever a writer is doing to it. */
	text_add_bytes(guest, here.guest, here.length < HERE_BYTES ? here.length : 0);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&here.version, __ATOMIC_RELAXED) == version)
		return true;
	text_clear(guest);
	return false;
}

void here_keep(const struct here_moment *moment, const struct text *guest)
{
	unsigned version = __atomic_load_n(&here.version, __ATOMIC_RELAXED);

	if (guest->length >= HERE_BYTES || version % 2 != 0 || !here_stayed(moment->moves) ||
		!changes_none_since(moment->links))
		return;
	if (!__atomic_compare_exchange_n(&here.version, &version, version + 1, false,
		    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	here.moment = *moment;
	here.length = guest->length;
	memcpy(here.guest, guest->at, guest->length);
	__atomic_store_n(&here.version, version + 2, __ATOMIC_RELEASE);
}

void here_apart(void)
{
	__atomic_fetch_add(&here.apart, 1, __ATOMIC_SEQ_CST);
}

void here_together(void)
{
	__atomic_fetch_sub(&here.apart, 1, __ATOMIC_SEQ_CST);
}

void here_in_child(void)
{
	here.moves = 0;
	here.version = 0;
	here.apart = 0;
}

/* Only the low half: a carry would end a call that never began. */
static void begin_move(void)
{
	__atomic_fetch_add((unsigned *)(void *)&here.moves, 1, __ATOMIC_SEQ_CST);
}

/* A call that goes elsewhere has been answered. */
static enum slot_action end_move(struct slot *slot)
{
	(void)slot;
	__atomic_fetch_add(&here.moves, ONE_ENDED, __ATOMIC_SEQ_CST);
	return SLOT_DONE;
}

enum slot_action here_chdir(struct slot *slot)
{
	enum slot_action action = translate_call(slot, rule_of(slot->number));

	if (action != SLOT_RUN)
		return action;
	begin_move();
	/* Where something has to be given back afterwards, the rest comes before that. */
	if (slot->leave != NULL)
		slot->after = end_move;
	else
		slot->leave = end_move;
	return SLOT_RUN;
}

enum slot_action here_fchdir(struct slot *slot)
{
	begin_move();
	slot->leave = end_move;
	return SLOT_RUN;
}
