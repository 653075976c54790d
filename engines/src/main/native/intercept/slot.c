#include "intercept/slot.h"

#include <linux/signal.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/gate.h"
#include "thread.h"

unsigned char slot_pool[(SLOT_COUNT + 1) * (size_t)SLOT_BYTES] __attribute__((aligned(4096)));
unsigned long slot_taken[SLOT_COUNT / 64];
unsigned slot_spare_taken;
unsigned long slot_sequence;
unsigned char slot_has_thread_pointer;

_Static_assert(offsetof(struct slot, number) == GATE_NUMBER, "intercept/gate.h");
_Static_assert(offsetof(struct slot, argument) == GATE_ARGUMENT, "intercept/gate.h");
_Static_assert(offsetof(struct slot, original) == GATE_ORIGINAL, "intercept/gate.h");
_Static_assert(offsetof(struct slot, resume) == GATE_RESUME, "intercept/gate.h");
_Static_assert(offsetof(struct slot, stack) == GATE_STACK, "intercept/gate.h");
_Static_assert(offsetof(struct slot, saved) == GATE_SAVED, "intercept/gate.h");
_Static_assert(offsetof(struct slot, result) == GATE_RESULT, "intercept/gate.h");
_Static_assert(offsetof(struct slot, pending) == GATE_PENDING, "intercept/gate.h");
_Static_assert(offsetof(struct slot, pending_mask) == GATE_PENDING_MASK, "intercept/gate.h");
_Static_assert(offsetof(struct slot, leave) == GATE_LEAVE, "intercept/gate.h");
_Static_assert(offsetof(struct slot, owner) == GATE_OWNER, "gate.h");
_Static_assert(offsetof(struct slot, sequence) == GATE_SEQUENCE, "gate.h");
_Static_assert(offsetof(struct slot, alternate_away) == GATE_ALTERNATE_AWAY, "gate.h");
_Static_assert(offsetof(struct slot, alternate) == GATE_ALTERNATE, "gate.h");
_Static_assert(SLOT_SHIFT == GATE_SLOT_SHIFT && SLOT_COUNT == GATE_SLOT_COUNT, "intercept/gate.h");

static struct slot *slot_at(size_t index)
{
	return (struct slot *)(void *)(slot_pool + index * SLOT_BYTES);
}

struct slot *slot_of_stack(unsigned long address)
{
	unsigned long offset = address - (unsigned long)slot_pool;

	return offset < sizeof(slot_pool) ? slot_at(offset >> SLOT_SHIFT) : NULL;
}

static bool is_taken(size_t index)
{
	return (slot_taken[index / 64] >> (index % 64) & 1) != 0;
}

static void give_back(size_t index)
{
	__atomic_fetch_and(&slot_taken[index / 64], ~(1UL << (index % 64)), __ATOMIC_RELEASE);
}

/* A handler on an alternate stack says nothing about the stack that it interrupted. */
static bool is_on(const stack_t *alternate, unsigned long stack)
{
	return (alternate->ss_flags & SS_DISABLE) == 0 &&
	       stack - (unsigned long)alternate->ss_sp < alternate->ss_size;
}

static bool is_abandoned(const struct slot *slot, const stack_t *alternate)
{
	if (slot->lent || is_on(alternate, slot->stack))
		return false;
	/* The spare slot, behind the last, holds the latest call of all. */
	for (size_t i = 0; i <= SLOT_COUNT; i++) {
		const struct slot *other = slot_at(i);

		if ((i == SLOT_COUNT || is_taken(i)) && other->owner == slot->owner &&
			other->sequence > slot->sequence && other->stack >= slot->stack &&
			!is_on(alternate, other->stack))
			return true;
	}
	return false;
}

enum slot_action slot_reclaim(struct slot *spare)
{
	stack_t alternate = {.ss_flags = SS_DISABLE};
	size_t freed = 0;

	/* Nothing to know is the same as no alternate stack. */
	(void)sys_sigaltstack(NULL, &alternate);
	if (spare->owner == 0)
		spare->owner = slot_own_thread();
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		if (is_taken(i) && slot_at(i)->owner == spare->owner &&
			is_abandoned(slot_at(i), &alternate)) {
			give_back(i);
			freed++;
		}
	}
	if (freed == 0)
		sys_sched_yield();
	return SLOT_DONE;
}

void slot_give_back(const struct slot *slot)
{
	give_back(((unsigned long)slot - (unsigned long)slot_pool) >> SLOT_SHIFT);
}

unsigned long slot_own_thread(void)
{
	return slot_has_thread_pointer != 0 ? machine_thread_pointer()
					    : (unsigned long)sys_gettid();
}

void slot_keep_only(const struct slot *slot)
{
	size_t kept = ((unsigned long)slot - (unsigned long)slot_pool) >> SLOT_SHIFT;

	for (size_t i = 0; i < SLOT_COUNT / 64; i++)
		slot_taken[i] = i == kept / 64 ? 1UL << (kept % 64) : 0;
	slot_spare_taken = 0;
}

void slot_free_exec_of(unsigned process)
{
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		struct slot *slot = slot_at(i);

		if (!is_taken(i) || slot->exec_owner != process)
			continue;
		if (slot->exec_memory != 0)
			sys_munmap(slot->exec_memory, slot->exec_memory_size);
		slot->exec_memory = 0;
		slot->exec_owner = 0;
		give_back(i);
	}
}
