#include "intercept/changes.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <stddef.h>

#include "base/sys.h"
#include "intercept/engine.h"
#include "machine.h"
#include "ticks.h"

/*
 * Calls that began in the low half, calls that ended in the high half: one load tells both. They
 * are equal when nothing is going on. A process that is killed in the middle never ends its call;
 * after a while somebody does it for it.
 */
enum { ENDED_SHIFT = 32 };

#define ONE_ENDED (1UL << ENDED_SHIFT)

enum page_state { PAGE_UNKNOWN, PAGE_NONE, PAGE_MAPPED };

struct shared {
	unsigned long state;
	unsigned mended; /* how many had begun when they were all ended for them */
	unsigned holder; /* the thread for which nobody may change a link; 0 */
	unsigned char apart[CHANGES_ROOT_AT - sizeof(unsigned long) - 2 * sizeof(unsigned)];
	char root[CHANGES_ROOT_BYTES]; /* for changes_file.c */
	struct known known;
};

enum { ROOM_BYTES = (sizeof(struct shared) + MACHINE_PAGE - 1) / MACHINE_PAGE * MACHINE_PAGE };

const size_t changes_bytes = ROOM_BYTES;

_Static_assert(offsetof(struct shared, root) == CHANGES_ROOT_AT &&
		       offsetof(struct shared, known) == MACHINE_PAGE,
	"changes.h");

/* The file is mapped over this, inside the engine, where the guest maps nothing. */
static unsigned char room[ROOM_BYTES] __attribute__((aligned(MACHINE_PAGE)));
static unsigned page_state;

/* The state that something has been going on in for so long, as this process saw it. */
static unsigned long stuck_state;
static unsigned long stuck_since;

static struct shared *shared(void)
{
	return (struct shared *)(void *)room;
}

static unsigned long *page(void)
{
	return &shared()->state;
}

struct known *changes_known(void)
{
	return &shared()->known;
}

static unsigned map_page(void)
{
	long file;
	long mapped;

	if (engine.changes[0] == '\0')
		return PAGE_NONE;
	file = sys_openat(AT_FDCWD, engine.changes, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	if (file < 0)
		return PAGE_NONE;
	mapped = sys_mmap((unsigned long)room, ROOM_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED, (int)file, 0);
	sys_close((int)file);
	return sys_failed(mapped) ? PAGE_NONE : PAGE_MAPPED;
}

/* Two threads may come here at once: the second one maps the same page over the same place. */
static bool has_page(void)
{
	unsigned state = __atomic_load_n(&page_state, __ATOMIC_ACQUIRE);

	if (state == PAGE_UNKNOWN) {
		state = map_page();
		__atomic_store_n(&page_state, state, __ATOMIC_RELEASE);
	}
	return state == PAGE_MAPPED;
}

static bool is_quiet(unsigned long state)
{
	return (unsigned)state == (unsigned)(state >> ENDED_SHIFT);
}

/*
 * Has something been going on for longer than any such call takes? On a busy machine one may stand
 * still for a second in the middle of it, and whoever believes too early that it is over may follow
 * the link that it makes.
 */
enum { STUCK_SHORTS = 400 };

static bool is_stuck(unsigned long state)
{
	unsigned long now = machine_ticks();

	/* The time before the state: another thread that finds the state finds no older time. */
	if (__atomic_load_n(&stuck_state, __ATOMIC_ACQUIRE) != state) {
		__atomic_store_n(&stuck_since, now, __ATOMIC_RELAXED);
		__atomic_store_n(&stuck_state, state, __ATOMIC_RELEASE);
		return false;
	}
	return now - __atomic_load_n(&stuck_since, __ATOMIC_RELAXED) >
	       (unsigned long)STUCK_SHORTS * MACHINE_TICKS_SHORT;
}

/* Ends all that has begun, in place of whoever does not any more. */
static void mend(unsigned long seen)
{
	unsigned begun = (unsigned)seen;
	unsigned long mended = begun | (unsigned long)begun << ENDED_SHIFT;

	/* First, so that nobody who was only slow ends a second time. */
	__atomic_store_n(&shared()->mended, begun, __ATOMIC_SEQ_CST);
	__atomic_compare_exchange_n(
		page(), &seen, mended, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

bool changes_steady(unsigned long *state)
{
	unsigned long seen;

	if (!has_page())
		return false;
	seen = __atomic_load_n(page(), __ATOMIC_ACQUIRE);
	if (!is_quiet(seen) && is_stuck(seen)) {
		mend(seen);
		return false;
	}
	*state = seen;
	return is_quiet(seen);
}

bool changes_none_since(unsigned long state)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(page(), __ATOMIC_RELAXED) == state;
}

/* The thread that holds the links has been killed, or its page lies in another machine's memory. */
static bool is_gone(unsigned holder, unsigned long since)
{
	unsigned long waited = machine_ticks() - since;

	/* A thread may be another one's, of its number; and none of another pid namespace is seen.
	 */
	return waited > (unsigned long)STUCK_SHORTS * MACHINE_TICKS_SHORT ||
	       (waited > MACHINE_TICKS_SHORT && sys_kill((int)holder, 0) == -ESRCH);
}

/* Who holds the links may change them itself: in a handler, between the call and its answer. */
static void wait_for_holder(unsigned self)
{
	unsigned *held = &shared()->holder;
	unsigned holder = __atomic_load_n(held, __ATOMIC_SEQ_CST);
	unsigned waited_for = holder;
	unsigned long since = machine_ticks();

	while (holder != 0 && holder != self) {
		if (holder != waited_for) {
			waited_for = holder;
			since = machine_ticks();
		} else if (is_gone(holder, since)) {
			__atomic_compare_exchange_n(
				held, &holder, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
		}
		sys_sched_yield();
		holder = __atomic_load_n(held, __ATOMIC_SEQ_CST);
	}
}

/* Only the low half: a carry would end a call that never began. */
unsigned changes_begin(void)
{
	unsigned *begun = (unsigned *)(void *)room;
	unsigned self = 0;
	unsigned holder;
	unsigned which;

	if (!has_page())
		return 0;
	for (;;) {
		which = __atomic_add_fetch(begun, 1, __ATOMIC_SEQ_CST);
		holder = __atomic_load_n(&shared()->holder, __ATOMIC_SEQ_CST);
		if (holder == 0 || holder == self)
			return which;
		changes_end(which);
		self = (unsigned)sys_gettid();
		wait_for_holder(self);
	}
}

void changes_end(unsigned begun)
{
	unsigned *ended = (unsigned *)(void *)room + 1;

	/* After so long a time that others have given it up, it has been ended already. */
	if (has_page() && (int)(begun - __atomic_load_n(&shared()->mended, __ATOMIC_SEQ_CST)) > 0)
		__atomic_fetch_add(ended, 1, __ATOMIC_SEQ_CST);
}

void changes_hold(void)
{
	unsigned self = (unsigned)sys_gettid();
	unsigned long seen;
	unsigned nobody;

	if (!has_page())
		return;
	do {
		wait_for_holder(self);
		nobody = 0;
	} while (!__atomic_compare_exchange_n(&shared()->holder, &nobody, self, false,
			 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) &&
		 nobody != self);
	for (;;) {
		seen = __atomic_load_n(page(), __ATOMIC_SEQ_CST);
		if (is_quiet(seen))
			return;
		if (is_stuck(seen))
			mend(seen);
		sys_sched_yield();
	}
}

/* Who waited for too long has taken it away. */
void changes_release(void)
{
	unsigned self = (unsigned)sys_gettid();

	if (has_page())
		__atomic_compare_exchange_n(
			&shared()->holder, &self, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
