#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/near.h"
#include "guest/served.h"
#include "guest/status.h"
#include "intercept/changes.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "overlay/inodes.h"
#include "intercept/refusal.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/*
 * The stat family, the calls that programs make most. One call of the kernel answers: with the
 * directory known, the name is looked at without following it, and what is no link is the answer.
 * The answer counts if no link was changed meanwhile; otherwise the file is taken hold of first.
 */

enum stat_kind { STAT_PLAIN, STAT_EXTENDED };

/* What is asked for; it lies in the slot's notes. */
struct request {
	unsigned long path;
	unsigned long flags; /* AT_... */
	unsigned long mask;  /* of statx(2) */
	unsigned long buffer;
	int directory;
	enum stat_kind kind;
};

_Static_assert(sizeof(struct request) <= sizeof(((struct slot *)0)->note), "fits");

static struct request *request_of(struct slot *slot)
{
	return (struct request *)(void *)slot->note;
}

/* Both in one place, which is never on the guest's stack. */
union status {
	struct stat plain;
	struct statx extended;
};

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

static long ask(const struct request *request, int directory, const char *path, unsigned long flags,
	union status *status)
{
	if (request->kind == STAT_PLAIN)
		return raw_syscall(__NR_newfstatat, directory, (long)path, (long)&status->plain,
			(long)flags, 0, 0);
	return raw_syscall(__NR_statx, directory, (long)path, (long)flags, (long)request->mask,
		(long)&status->extended, 0);
}

static bool is_link(const struct request *request, const union status *status)
{
	unsigned mode =
		request->kind == STAT_PLAIN ? status->plain.st_mode : status->extended.stx_mode;

	return (mode & S_IFMT) == S_IFLNK;
}

/* Where the answer came from. */
static struct place place_of(int directory, const char *path, unsigned long flags)
{
	return (struct place){.directory = directory, .path = path, .flags = (int)flags};
}

/* In an overlay: of what was walked to, or of the descriptor where there was nothing to walk. */
static void show_inode(struct slot *slot, const struct request *request, union status *status)
{
	bool walked = slot->path[0] != '\0' && !paths_stay(slot, WALK_LINK);
	const int *descriptor = walked ? NULL : &request->directory;

	if (request->kind == STAT_PLAIN)
		inodes_show_stat(slot, &status->plain, descriptor);
	else
		inodes_show_statx(slot, &status->extended, descriptor);
}

static enum slot_action give(struct slot *slot, const struct request *request,
	const struct place *place, union status *status)
{
	size_t size =
		request->kind == STAT_PLAIN ? sizeof(status->plain) : sizeof(status->extended);

	if (request->kind == STAT_PLAIN)
		served_show_stat(&status->plain);
	else
		served_show_statx(&status->extended);
	if (engine.identity.given && request->kind == STAT_PLAIN)
		status_show_stat(place, &status->plain);
	if (engine.identity.given && request->kind == STAT_EXTENDED)
		status_show_statx(place, &status->extended);
	if (engine.view.upper)
		show_inode(slot, request, status);
	return answer(slot, guarded_copy((void *)request->buffer, status, size));
}

/* The path cannot be used; what else is wrong may come first. */
static enum slot_action refuse(
	struct slot *slot, const struct request *request, union status *status, long error)
{
	long result = ask(request, AT_FDCWD, refusal_path, request->flags, status);

	return answer(slot, refusal_choose(result, error));
}

/* Asks the kernel, and gives what it says. */
static enum slot_action ask_and_give(struct slot *slot, const struct request *request,
	const struct place *place, union status *status)
{
	long result = ask(request, place->directory, place->path, (unsigned)place->flags, status);

	return result < 0 ? answer(slot, result) : give(slot, request, place, status);
}

static bool follows(const struct request *request)
{
	return (request->flags & AT_SYMLINK_NOFOLLOW) == 0;
}

/* No openat2(2), or no descriptor to spare. */
static bool is_out_of_reach(long error)
{
	return error == -ENOSYS || error == -EPERM || error == -EMFILE || error == -ENFILE;
}

/* Links that appear while one looks make a walk begin again; an attacker may do nothing else. */
enum { TRIES_MOST = 32 };

/* Every link is followed, then the file is held by a descriptor while it is asked. */
static enum slot_action stat_held(
	struct slot *slot, const struct request *request, union status *status)
{
	enum walk_end end = follows(request) ? WALK_FOLLOW : WALK_LINK;
	const char *host = slot->walk.host_bytes;
	enum slot_action action;
	struct place place;
	long held = -ELOOP;

	for (int i = 0; i < TRIES_MOST && held == -ELOOP; i++) {
		held = paths_walk(slot, request->directory, end);
		if (held < 0)
			return refuse(slot, request, status, held);
		if (slot->walk.magic)
			break;
		held = sys_open_no_links(AT_FDCWD, host, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	}
	if (slot->walk.magic || is_out_of_reach(held)) {
		place = place_of(AT_FDCWD, host,
			request->flags | (slot->walk.magic ? 0 : AT_SYMLINK_NOFOLLOW));
		return ask_and_give(slot, request, &place, status);
	}
	if (held < 0)
		return refuse(slot, request, status, held);
	place = place_of((int)held, "", request->flags | AT_EMPTY_PATH);
	action = ask_and_give(slot, request, &place, status);
	sys_close((int)held);
	return action;
}

/* Once, without following the name; the answer counts if it is no link that had to be followed. */
static enum slot_action stat_path(
	struct slot *slot, const struct request *request, union status *status)
{
	bool stays = paths_stay(slot, WALK_LINK);
	struct place place =
		place_of(request->directory, slot->path, request->flags | AT_SYMLINK_NOFOLLOW);
	long result = 0;

	if (!stays) {
		result = paths_walk(slot, request->directory, WALK_LINK);
		place.directory = AT_FDCWD;
		place.path = result < 0 ? slot->walk.host.at : near_host(slot);
	}
	if (result < 0)
		return refuse(slot, request, status, result);
	/* A link of /proc is no link to everybody. */
	if (!stays && (!slot->steady || (slot->walk.through_proc && follows(request))))
		return stat_held(slot, request, status);
	result = ask(request, place.directory, place.path, (unsigned)place.flags, status);
	if (result == 0 && follows(request) && is_link(request, status))
		return stat_held(slot, request, status);
	if (!stays && (!changes_none_since(slot->links_state) || !near_held(slot)))
		return stat_held(slot, request, status);
	return result < 0 ? answer(slot, result) : give(slot, request, &place, status);
}

enum { KNOWN_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE };

static enum slot_action stat_guest(struct slot *slot)
{
	const struct request *request = request_of(slot);
	union status room;
	union status *status = &room;
	struct place place = place_of(request->directory, "", request->flags);
	long length;

	/* Without a path Linux 6.11 takes the descriptor, as it does with an empty one. */
	if (request->path == 0) {
		place.path = NULL;
		slot->path[0] = '\0';
		length = 0;
	} else {
		length = paths_read(slot, request->path);
	}
	/* Of a descriptor with an empty path the kernel takes any flags. */
	if (length > 0 && (request->flags & ~(unsigned long)KNOWN_FLAGS) != 0)
		length = -EINVAL;
	if (length < 0)
		return refuse(slot, request, status, length);
	if (length > 0)
		return stat_path(slot, request, status);
	/* The descriptor itself, or an error that the kernel knows best. */
	if (!engine.identity.given && !engine.view.upper && !served_any)
		return SLOT_RUN;
	return ask_and_give(slot, request, &place, status);
}

enum slot_action stats_stat(struct slot *slot)
{
	*request_of(slot) = (struct request){
		.directory = AT_FDCWD, .path = slot->argument[0], .buffer = slot->argument[1]};

	return stat_guest(slot);
}

enum slot_action stats_lstat(struct slot *slot)
{
	*request_of(slot) = (struct request){.directory = AT_FDCWD,
		.path = slot->argument[0],
		.flags = AT_SYMLINK_NOFOLLOW,
		.buffer = slot->argument[1]};

	return stat_guest(slot);
}

enum slot_action stats_newfstatat(struct slot *slot)
{
	*request_of(slot) = (struct request){.directory = (int)slot->argument[0],
		.path = slot->argument[1],
		.flags = (unsigned)slot->argument[3],
		.buffer = slot->argument[2]};

	return stat_guest(slot);
}

enum slot_action stats_statx(struct slot *slot)
{
	*request_of(slot) = (struct request){.directory = (int)slot->argument[0],
		.path = slot->argument[1],
		.flags = (unsigned)slot->argument[2],
		.mask = slot->argument[3],
		.buffer = slot->argument[4],
		.kind = STAT_EXTENDED};

	return stat_guest(slot);
}
