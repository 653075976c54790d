#include "command/processes.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/time.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "intercept/state.h"

/*
 * The table of processes never stands still, so it is looked at again until nothing was found
 * several times: who forks and ends all the time may just have changed its number.
 */
enum {
	QUIET_LOOKS = 3,
	LOOKS_MOST = 5000,
	BETWEEN_LOOKS = 1000000, /* nanoseconds */
	READ_BYTES = 2048,
};

/* getdents64(2) */
struct entry {
	unsigned long long inode;
	long long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

struct look {
	char mark[512]; /* with the colon that ends the run's name */
	size_t mark_length;
	unsigned long self;
	unsigned found;
	unsigned unclear; /* between two programs: may be ours */
};

static long open_of(unsigned long process, const char *what)
{
	char bytes[64];
	struct text path = text_in(bytes, sizeof(bytes));

	text_add(&path, "/proc/");
	text_add_number(&path, (long)process);
	text_add(&path, what);
	return sys_openat(AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
}

/* Does one of the strings begin with the mark? -1 when there are none at all. */
static int has_mark(const struct look *look, unsigned long process)
{
	char bytes[READ_BYTES];
	long file = open_of(process, "/environ");
	size_t matched = 0;
	bool possible = true;
	bool any = false;
	long got;

	if (file < 0)
		return 0;
	while ((got = sys_read((int)file, bytes, sizeof(bytes))) > 0) {
		any = true;
		for (long i = 0; i < got && matched < look->mark_length; i++) {
			possible = possible && bytes[i] == look->mark[matched];
			matched = possible ? matched + 1 : 0;
			possible = possible || bytes[i] == '\0';
		}
		if (matched == look->mark_length)
			break;
	}
	sys_close((int)file);
	return matched == look->mark_length ? 1 : any || got < 0 ? 0 : -1;
}

/* The fields of /proc/PID/stat, counted as proc_pid_stat(5) does. */
enum { STAT_STATE = 3, STAT_MEMORY = 23, STAT_ENVIRONMENT_END = 51 };

static const char *field_of(const char *at, int from, int wanted)
{
	for (int field = from; field < wanted; field++) {
		while (*at != ' ' && *at != '\0')
			at++;
		while (*at == ' ')
			at++;
	}
	return at;
}

/*
 * A process that executes a program has new memory before it has an environment in it, and may wait
 * there for long on a busy machine.
 */
static bool is_between_programs(unsigned long process)
{
	char bytes[READ_BYTES];
	long file = open_of(process, "/stat");
	const char *state = NULL;
	long got;

	if (file < 0)
		return false;
	got = sys_read((int)file, bytes, sizeof(bytes) - 1);
	sys_close((int)file);
	bytes[got > 0 ? got : 0] = '\0';
	/* The name of the program is the guest's choice, and may hold anything. */
	for (char *at = bytes; *at != '\0'; at++)
		state = at[0] == ')' && at[1] == ' ' ? at + 2 : state;
	if (state == NULL || state[0] == 'Z' || state[0] == 'X')
		return false;
	return field_of(state, STAT_STATE, STAT_MEMORY)[0] != '0' &&
	       field_of(state, STAT_STATE, STAT_ENVIRONMENT_END)[0] == '0';
}

/* The descriptor is taken first, so that a number that is used again meanwhile is never killed. */
static void kill_if_ours(struct look *look, unsigned long process)
{
	long handle = sys_pidfd_open((int)process);
	int marked;

	if (handle == -ESRCH)
		return;
	marked = has_mark(look, process);
	if (marked > 0) {
		look->found++;
		if (handle >= 0)
			sys_pidfd_send_signal((int)handle, SIGKILL);
		else
			sys_kill((int)process, SIGKILL);
	} else if (marked < 0 && is_between_programs(process)) {
		look->unclear++;
	}
	if (handle >= 0)
		sys_close((int)handle);
}

static void look_at_all(struct look *look)
{
	_Alignas(struct entry) char bytes[READ_BYTES];
	long directory = sys_openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	long got;

	look->found = 0;
	look->unclear = 0;
	if (directory < 0)
		return;
	while ((got = sys_getdents64((int)directory, bytes, sizeof(bytes))) > 0) {
		for (long at = 0; at < got;) {
			const struct entry *entry = (const struct entry *)(void *)(bytes + at);
			unsigned long process;
			size_t digits = text_read_number(entry->name, &process);

			if (digits > 0 && entry->name[digits] == '\0' && process != look->self)
				kill_if_ours(look, process);
			at += entry->length;
		}
	}
	sys_close((int)directory);
}

static void pause_between(void)
{
	struct timespec moment = {.tv_sec = 0, .tv_nsec = BETWEEN_LOOKS};

	sys_nanosleep(&moment);
}

unsigned processes_kill(const char *run)
{
	struct look look = {.self = (unsigned long)sys_getpid()};
	struct text mark = text_in(look.mark, sizeof(look.mark));
	unsigned quiet = 0;

	text_add(&mark, STATE_MARK);
	text_add(&mark, run);
	text_add(&mark, ":");
	look.mark_length = mark.length;
	if (mark.overflow)
		return 0;
	for (unsigned i = 0; i < LOOKS_MOST && quiet < QUIET_LOOKS; i++) {
		look_at_all(&look);
		quiet = look.found + look.unclear == 0 ? quiet + 1 : 0;
		pause_between();
	}
	return quiet < QUIET_LOOKS ? look.found : 0;
}
