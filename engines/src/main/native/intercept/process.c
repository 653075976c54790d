#include <linux/errno.h>
#include <linux/sched.h>

#include "base/mem.h"
#include "guest/here.h"
#include "guest/identity.h"
#include "guest/near.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/hold.h"
#include "intercept/namespaces.h"
#include "intercept/signals.h"
#include "machine.h"
#include "rules/calls.h"

/*
 * New threads and processes. The child must leave the engine on its own stack, with its parent's
 * registers; the gate has one way for each kind (gate.S).
 */

/* What a child with a stack of its own finds under its top; popped in this order by the gate. */
struct birth {
	unsigned long resume;
	unsigned long first;
	unsigned long second;
	unsigned long unused;
};

_Static_assert(sizeof(struct identity) <= sizeof(((struct slot *)0)->first_host), "fits");

enum { BIRTH_BYTES = sizeof(struct birth) + MACHINE_BIRTH_GAP };

/* The child works on our memory, in a directory of its own. */
static bool is_apart(unsigned long flags)
{
	return (flags & (CLONE_VM | CLONE_FS)) == CLONE_VM;
}

/* The child may get other memory, if it has none yet, and has our directory all the same. */
static bool shares_directory(unsigned long flags)
{
	return (flags & (CLONE_FS | CLONE_THREAD)) == CLONE_FS;
}

/* The gate calls this in the parent and in the child, which has a copy of all memory. */
static enum slot_action leave_fork(struct slot *slot)
{
	unsigned long flags = (unsigned long)slot->note[0];

	if (slot->result == 0) {
		slot_keep_only(slot);
		signals_in_child();
		here_in_child();
		near_in_child();
		if ((flags & CLONE_CLEAR_SIGHAND) != 0)
			signals_cleared();
		hold_in_child();
	}
	return SLOT_DONE;
}

/* Only in the parent. After a vfork the child has either executed something or is gone. */
static enum slot_action leave_shared(struct slot *slot)
{
	unsigned long flags = (unsigned long)slot->note[0];

	slot->lent = false;
	if (is_apart(flags) && (slot->result < 0 || (flags & CLONE_VFORK) != 0))
		here_together();
	if ((flags & CLONE_VFORK) != 0)
		identity_take_back((const struct identity *)(const void *)slot->first_host);
	if (slot->result > 0 && (flags & CLONE_VFORK) != 0)
		slot_free_exec_of((unsigned)slot->result);
	return SLOT_DONE;
}

static long write_birth(const struct slot *slot, unsigned long top)
{
	struct birth birth = {
		.resume = slot->resume, .first = slot->original[0], .second = slot->original[1]};

	return guarded_copy((void *)(top - BIRTH_BYTES), &birth, sizeof(birth));
}

static enum slot_action start(struct slot *slot, unsigned long flags, unsigned long stack)
{
	slot->note[0] = (long)flags;
	if (is_apart(flags))
		here_apart();
	if (shares_directory(flags))
		__atomic_fetch_or(&engine.trapping, GUEST_DIRECTORY, __ATOMIC_SEQ_CST);
	if ((flags & CLONE_VM) == 0) {
		slot->leave = leave_fork;
		return SLOT_FORK;
	}
	slot->leave = leave_shared;
	if ((flags & CLONE_VFORK) == 0)
		near_with_others();
	if ((flags & CLONE_VFORK) != 0)
		identity_put_aside((struct identity *)(void *)slot->first_host);
	slot->lent = true;
	/* The vfork(3) of aarch64's libcs names the stack that it is on. */
	return stack == 0 || stack == slot->stack ? SLOT_VFORK : SLOT_THREAD;
}

/* A child that its parent's tracer is not told of would be without a net. */
static unsigned long shown(unsigned long flags)
{
	bool traced = (engine.trapping & TRAPPING_TRACED) != 0;

	return traced ? flags & ~(unsigned long)CLONE_UNTRACED : flags;
}

enum slot_action process_clone(struct slot *slot)
{
	enum slot_action action;

	slot->result = namespaces_check(slot->argument[0]);
	if (slot->result < 0)
		return SLOT_DONE;
	slot->argument[0] = shown(slot->argument[0]);
	action = start(slot, slot->argument[0], slot->argument[1]);
	if (action != SLOT_THREAD)
		return action;
	if (write_birth(slot, slot->argument[1]) < 0) {
		slot->result = -EFAULT;
		return SLOT_DONE;
	}
	slot->argument[1] -= BIRTH_BYTES;
	return SLOT_THREAD;
}

enum slot_action process_clone3(struct slot *slot)
{
	struct clone_args *arguments = (struct clone_args *)(void *)slot->bytes;
	size_t size = slot->argument[1];
	enum slot_action action;

	/* The kernel knows best what is wrong with a size. */
	if (size < CLONE_ARGS_SIZE_VER0 || size > sizeof(slot->bytes))
		return SLOT_RUN;
	if (guarded_copy(arguments, (const void *)slot->argument[0], size) < 0) {
		slot->result = -EFAULT;
		return SLOT_DONE;
	}
	slot->result = namespaces_check(arguments->flags);
	/*
	 * A child that shares the memory, and so the table of handlers, could not be given our own
	 * again: Linux before 5.5 knows no such flag either, and libcs are ready for that.
	 */
	if ((arguments->flags & CLONE_VM) != 0 && (arguments->flags & CLONE_CLEAR_SIGHAND) != 0)
		slot->result = -EINVAL;
	if (slot->result < 0)
		return SLOT_DONE;
	if (shown(arguments->flags) != arguments->flags) {
		arguments->flags = shown(arguments->flags);
		slot->argument[0] = (unsigned long)arguments;
	}
	action = start(slot, arguments->flags, arguments->stack);
	if (action != SLOT_THREAD)
		return action;
	if (arguments->stack_size <= BIRTH_BYTES ||
		write_birth(slot, arguments->stack + arguments->stack_size) < 0) {
		slot->result = -EINVAL;
		return SLOT_DONE;
	}
	arguments->stack_size -= BIRTH_BYTES;
	slot->argument[0] = (unsigned long)arguments;
	return SLOT_THREAD;
}

enum slot_action process_fork(struct slot *slot)
{
	return start(slot, 0, 0);
}

enum slot_action process_vfork(struct slot *slot)
{
	return start(slot, CLONE_VM | CLONE_VFORK, 0);
}
