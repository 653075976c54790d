#include "intercept/changes.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

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
	unsigned char apart[MACHINE_PAGE - sizeof(unsigned long)];
	struct known known;
};

enum { ROOM_BYTES = (sizeof(struct shared) + MACHINE_PAGE - 1) / MACHINE_PAGE * MACHINE_PAGE };

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

/* A directory of ours in a place where anybody may make one. */
static bool is_ours(const char *path)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (status.st_mode & S_IFMT) == S_IFDIR && (status.st_mode & 077) == 0 &&
	       status.st_uid == (unsigned)sys_geteuid();
}

static void name_file(const char *root, struct text *path)
{
	struct stat status;

	if (sys_fstatat(AT_FDCWD, root, &status, 0) < 0)
		return;
	text_add(path, "/tmp/.coracle-");
	text_add_number(path, sys_geteuid());
	/* It may be there already; what counts is whose it is. */
	(void)sys_mkdirat(AT_FDCWD, path->at, 0700);
	if (!is_ours(path->at)) {
		text_clear(path);
		return;
	}
	text_add(path, "/changes-");
	text_add_hex(path, (unsigned long)status.st_dev);
	text_add(path, "-");
	text_add_hex(path, (unsigned long)status.st_ino);
}

/* Every process maps it without a look at its size, so it gets that here. */
static long make_file(const char *path)
{
	struct stat status;
	long file = sys_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	long error;

	if (file < 0)
		return file;
	error = sys_fstatat((int)file, "", &status, AT_EMPTY_PATH);
	if (error == 0 && status.st_size != ROOM_BYTES)
		error = sys_ftruncate((int)file, ROOM_BYTES);
	sys_close((int)file);
	return error;
}

void changes_prepare(const char *root, struct text *path)
{
	text_clear(path);
	name_file(root, path);
	if (path->length > 0 && (path->overflow || make_file(path->at) < 0))
		text_clear(path);
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

	if (state != stuck_state) {
		stuck_state = state;
		stuck_since = now;
		return false;
	}
	return now - stuck_since > (unsigned long)STUCK_SHORTS * MACHINE_TICKS_SHORT;
}

bool changes_steady(unsigned long *state)
{
	unsigned long seen;

	if (!has_page())
		return false;
	seen = __atomic_load_n(page(), __ATOMIC_ACQUIRE);
	if (!is_quiet(seen) && is_stuck(seen)) {
		unsigned long mended = (seen & (ONE_ENDED - 1)) | seen << ENDED_SHIFT;

		__atomic_compare_exchange_n(
			page(), &seen, mended, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
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

/* Only the low half: a carry would end a call that never began. */
void changes_begin(void)
{
	unsigned *begun = (unsigned *)(void *)room;

	if (has_page())
		__atomic_fetch_add(begun, 1, __ATOMIC_SEQ_CST);
}

void changes_end(void)
{
	unsigned *ended = (unsigned *)(void *)room + 1;

	if (has_page())
		__atomic_fetch_add(ended, 1, __ATOMIC_SEQ_CST);
}
