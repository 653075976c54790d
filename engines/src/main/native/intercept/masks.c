#include "intercept/masks.h"

#include <linux/errno.h>
#include <linux/signal.h>

#include "base/sys.h"
#include "intercept/guarded.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/* The calls that take or give a mask of signals. */

/*
 * Which of our own a thread believes it has blocked, and which were sent to it meanwhile. Threads
 * are told apart as in struct slot (`owner`). When the table is full, a thread's view is that none
 * is.
 */
struct mask_view {
	unsigned long owner;
	unsigned long blocked; /* bits as in a sigset_t */
	unsigned long pending;
	unsigned long alternate; /* as alternate.h wants to know it */
	size_t alternate_size;
};

enum { VIEWS = 1024, PROBES = 32 };

/* What a call that waits keeps in slot->note, beside its mask. */
enum { WAIT_BLOCKED = 4, WAIT_LET_IN = 5 };

static struct mask_view views[VIEWS];

/* Bits 4, 7 and 11; the same on all architectures that Linux calls generic. */
unsigned long masks_own = 1 << 3 | 1 << 6 | 1 << 10;

static bool claim(struct mask_view *view, unsigned long owner)
{
	unsigned long nobody = 0;

	return __atomic_compare_exchange_n(
		       &view->owner, &nobody, owner, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
	       nobody == owner;
}

/* The view of a thread; `make` adds one where there is none. NULL for a thread without. */
static struct mask_view *view_of(unsigned long owner, bool make)
{
	/* Thread pointers are aligned and far apart: the low bits tell nothing. */
	size_t at = (size_t)(owner >> 6 ^ owner >> 17);

	for (size_t i = 0; i < PROBES; i++) {
		struct mask_view *view = &views[(at + i) % VIEWS];
		unsigned long other = __atomic_load_n(&view->owner, __ATOMIC_ACQUIRE);

		if (other == owner)
			return view;
		if (other == 0 && !make)
			return NULL;
		if (other == 0 && claim(view, owner))
			return view;
	}
	return NULL;
}

static unsigned long bit(int signal)
{
	return 1UL << (signal - 1);
}

void masks_take(int signal)
{
	masks_own |= bit(signal);
}

bool masks_ours(int signal)
{
	return (masks_own & bit(signal)) != 0;
}

bool masks_hold_back(int signal)
{
	struct mask_view *view = view_of(slot_own_thread(), false);

	if (view == NULL || (view->blocked & bit(signal)) == 0)
		return false;
	view->pending |= bit(signal);
	return true;
}

unsigned long masks_blocked(void)
{
	const struct mask_view *view = view_of(slot_own_thread(), false);

	return view != NULL ? view->blocked : 0;
}

void masks_note_alternate(unsigned long low, size_t size)
{
	struct mask_view *view = view_of(slot_own_thread(), true);

	if (view == NULL)
		return;
	view->alternate = low;
	view->alternate_size = size;
}

bool masks_on_alternate(unsigned long owner, unsigned long stack)
{
	const struct mask_view *view = view_of(owner, false);

	return view != NULL && stack - view->alternate < view->alternate_size;
}

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Puts a copy of the mask, without our own, in place of the argument. */
static enum slot_action strip(struct slot *slot, size_t argument)
{
	unsigned long *mask = (unsigned long *)&slot->note[2];

	if (slot->argument[argument] == 0)
		return SLOT_RUN;
	if (guarded_copy(mask, (const void *)slot->argument[argument], sizeof(*mask)) < 0)
		return answer(slot, -EFAULT);
	if ((*mask & masks_own) == 0)
		return SLOT_RUN;
	*mask &= ~masks_own;
	slot->argument[argument] = (unsigned long)mask;
	return SLOT_RUN;
}

/* Signals that were sent while the guest had them blocked come through now. */
static void let_in(struct mask_view *view)
{
	unsigned long ready = view->pending & ~view->blocked;

	view->pending &= view->blocked;
	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		if (masks_ours(signal) && (ready & bit(signal)) != 0)
			sys_tgkill((int)sys_getpid(), (int)sys_gettid(), signal);
	}
}

static unsigned long changed(unsigned long blocked, int how, unsigned long mask)
{
	switch (how) {
	case SIG_BLOCK:
		return blocked | mask;
	case SIG_UNBLOCK:
		return blocked & ~mask;
	default:
		return mask;
	}
}

/* The kernel has changed and told everything but our own. */
static enum slot_action leave_sigprocmask(struct slot *slot)
{
	unsigned long wanted = (unsigned long)slot->note[1] & masks_own;
	struct mask_view *view = view_of(slot->owner, slot->original[1] != 0 && wanted != 0);
	unsigned long before = view != NULL ? view->blocked : 0;
	unsigned long old;

	if (slot->result < 0 || view == NULL)
		return SLOT_DONE;
	if (slot->original[1] != 0)
		view->blocked = changed(before, (int)slot->original[0], wanted);
	if (slot->original[2] != 0 &&
		guarded_copy(&old, (const void *)slot->original[2], sizeof(old)) == 0) {
		old |= before;
		guarded_copy((void *)slot->original[2], &old, sizeof(old));
	}
	if (view->pending != 0)
		let_in(view);
	return SLOT_DONE;
}

enum slot_action signals_sigprocmask(struct slot *slot)
{
	if (slot->argument[3] != SYS_MASK_BYTES)
		return SLOT_RUN;
	slot->leave = leave_sigprocmask;
	if (slot->argument[1] == 0)
		return SLOT_RUN;
	if (guarded_copy(&slot->note[1], (const void *)slot->argument[1], SYS_MASK_BYTES) < 0)
		return answer(slot, -EFAULT);
	return (int)slot->argument[0] == SIG_UNBLOCK ? SLOT_RUN : strip(slot, 1);
}

static enum slot_action leave_sigpending(struct slot *slot)
{
	const struct mask_view *view = view_of(slot->owner, false);
	unsigned long pending;

	if (slot->result < 0 || view == NULL ||
		guarded_copy(&pending, (const void *)slot->original[0], sizeof(pending)) < 0)
		return SLOT_DONE;
	pending |= view->pending;
	guarded_copy((void *)slot->original[0], &pending, sizeof(pending));
	return SLOT_DONE;
}

enum slot_action signals_sigpending(struct slot *slot)
{
	slot->leave = leave_sigpending;
	return SLOT_RUN;
}

/* The guest has its own mask again; what was let in has interrupted the call. */
static enum slot_action leave_wait(struct slot *slot)
{
	struct mask_view *view = view_of(slot->owner, false);

	if (slot->note[WAIT_LET_IN] != 0)
		slot->result = -EINTR;
	if (view != NULL) {
		view->blocked = (unsigned long)slot->note[WAIT_BLOCKED];
		let_in(view);
	}
	return SLOT_DONE;
}

/*
 * While it waits the thread has another mask. Of our own signals the kernel knows nothing of
 * either: one that has been held back and is let in by this mask comes now, and in place of the
 * wait there is a call that ends at once.
 */
static enum slot_action wait_with(struct slot *slot, unsigned long mask)
{
	struct mask_view *view = view_of(slot->owner, false);
	unsigned long wanted = mask & masks_own;

	if (view == NULL || (view->blocked == wanted && (view->pending & ~wanted) == 0))
		return SLOT_RUN;
	slot->note[WAIT_BLOCKED] = (long)view->blocked;
	slot->note[WAIT_LET_IN] = (view->pending & ~wanted) != 0;
	slot->leave = leave_wait;
	view->blocked = wanted;
	if (slot->note[WAIT_LET_IN] != 0)
		slot->number = __NR_getpid;
	let_in(view);
	return SLOT_RUN;
}

static enum slot_action wait_by(struct slot *slot, size_t argument)
{
	unsigned long given = slot->argument[argument];
	unsigned long mask;

	if (given == 0)
		return SLOT_RUN;
	if (guarded_copy(&mask, (const void *)given, sizeof(mask)) < 0)
		return answer(slot, -EFAULT);
	return strip(slot, argument) == SLOT_DONE ? SLOT_DONE : wait_with(slot, mask);
}

/* rt_sigsuspend(2) */
enum slot_action signals_wait_first(struct slot *slot)
{
	return wait_by(slot, 0);
}

enum slot_action signals_mask_first(struct slot *slot)
{
	return strip(slot, 0);
}

enum slot_action signals_mask_second(struct slot *slot)
{
	return strip(slot, 1);
}

enum slot_action signals_wait_fourth(struct slot *slot)
{
	return wait_by(slot, 3);
}

enum slot_action signals_wait_fifth(struct slot *slot)
{
	return wait_by(slot, 4);
}

/* The sixth argument of pselect6(2) points to a pair: mask, size of the mask. */
enum slot_action signals_pselect6(struct slot *slot)
{
	unsigned long *pair = (unsigned long *)&slot->note[0];
	unsigned long *mask = (unsigned long *)&slot->note[2];
	unsigned long wanted;

	if (slot->argument[5] == 0)
		return SLOT_RUN;
	if (guarded_copy(pair, (const void *)slot->argument[5], 2 * sizeof(*pair)) < 0)
		return answer(slot, -EFAULT);
	if (pair[0] == 0)
		return SLOT_RUN;
	if (guarded_copy(mask, (const void *)pair[0], sizeof(*mask)) < 0)
		return answer(slot, -EFAULT);
	wanted = *mask;
	if ((wanted & masks_own) != 0) {
		*mask &= ~masks_own;
		pair[0] = (unsigned long)mask;
		slot->argument[5] = (unsigned long)pair;
	}
	return wait_with(slot, wanted);
}
