#include "trace/follow.h"

#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"

/*
 * A thread is followed after so many stops in a row, and looked for again after so many more:
 * the scheduler may have moved it.
 */
enum { STREAK_TO_FOLLOW = 8, STREAK_TO_LOOK_AGAIN = 256 };

/* Of /proc/TID/stat, counted as proc_pid_stat(5) does. */
enum { FIELD_AFTER_NAME = 3, FIELD_PROCESSOR = 39, STAT_BYTES = 1024 };

/* As sched_setaffinity(2) takes it: 8192 processors. */
enum { WORDS = 128, BITS = 64 };

static struct {
	int thread;
	unsigned streak;
	bool pinned;
	bool known; /* `everywhere` has been read */
	unsigned long everywhere[WORDS];
} state;

/* The processor that the thread has run on last, or -1. */
static long processor_of(int thread)
{
	char bytes[STAT_BYTES];
	struct text path = text_in(bytes, sizeof(bytes));
	const char *at = NULL;
	unsigned long processor = 0;
	long file;
	long got;

	text_add(&path, "/proc/");
	text_add_number(&path, thread);
	text_add(&path, "/stat");
	file = sys_openat(AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0)
		return -1;
	got = sys_read((int)file, bytes, sizeof(bytes) - 1);
	sys_close((int)file);
	bytes[got > 0 ? got : 0] = '\0';
	/* The name may hold anything. */
	for (const char *byte = bytes; *byte != '\0'; byte++)
		at = byte[0] == ')' && byte[1] == ' ' ? byte + 2 : at;
	for (int field = FIELD_AFTER_NAME; at != NULL && field < FIELD_PROCESSOR; field++) {
		while (*at != ' ' && *at != '\0')
			at++;
		while (*at == ' ')
			at++;
	}
	return at != NULL && text_read_number(at, &processor) > 0 ? (long)processor : -1;
}

static void run_on(long processor)
{
	unsigned long only[WORDS];

	if (processor < 0 || processor >= WORDS * BITS)
		return;
	memset(only, 0, sizeof(only));
	only[processor / BITS] = 1UL << (processor % BITS);
	/* Where that is not allowed, it is slower and no less right. */
	state.pinned = sys_sched_setaffinity(0, sizeof(only), only) >= 0;
}

static void run_everywhere(void)
{
	state.pinned = false;
	(void)sys_sched_setaffinity(0, sizeof(state.everywhere), state.everywhere);
}

void follow(int thread)
{
	if (!state.known) {
		state.known = true;
		if (sys_sched_getaffinity(0, sizeof(state.everywhere), state.everywhere) < 0)
			memset(state.everywhere, 0xff, sizeof(state.everywhere));
	}
	if (thread != state.thread) {
		state.thread = thread;
		state.streak = 0;
		if (state.pinned)
			run_everywhere();
		return;
	}
	state.streak++;
	if (state.streak % STREAK_TO_LOOK_AGAIN == STREAK_TO_FOLLOW)
		run_on(processor_of(thread));
}
