#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/near.h"
#include "guest/ownership.h"
#include "guest/served.h"
#include "intercept/effects.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "overlay/overlay.h"
#include "intercept/refusal.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/*
 * open(2) and its relatives. The kernel gets a path in which it may follow no symbolic link, so
 * that nobody can lead it away by making one; most paths have none, and are resolved by that one
 * call. ELOOP is how it says that there is one: then the path is walked.
 */

enum {
	CREAT_FLAGS = O_WRONLY | O_CREAT | O_TRUNC,
	/* include/linux/fcntl.h: open(2) forgets all others, openat2(2) refuses them. */
	KNOWN_FLAGS = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK |
		      O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW |
		      O_NOATIME | O_CLOEXEC | O_SYNC | O_PATH | O_TMPFILE,
	PATH_FLAGS = O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC,
	MODE_BITS = 07777,
	TRIES_MOST = 32,
};

_Static_assert(sizeof(struct open_how) <= sizeof(((struct slot *)0)->how), "fits");

static const struct rule_path opened = {
	.directory = RULE_NONE, .flags = RULE_NONE, .follow = FOLLOW_ALWAYS, .effect = EFFECT_OPEN};

/* The guest's own words; they stay in the slot while the call changes. */
struct words {
	long directory;
	unsigned long path;
	unsigned long flags;
	unsigned long mode;
};

/* What one open(2) keeps in the slot's notes. */
struct opening {
	long tries;
	struct words words;
	bool makes;
};

_Static_assert(sizeof(struct opening) <= sizeof(((struct slot *)0)->note), "fits");

static struct opening *opening_of(struct slot *slot)
{
	return (struct opening *)(void *)slot->note;
}

static bool ends_in_slash(const char *path)
{
	size_t length = strlen(path);

	return length > 0 && path[length - 1] == '/';
}

static bool stops_at_link(unsigned long flags)
{
	return (flags & O_NOFOLLOW) != 0 || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
}

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* The name that is about to be opened, for whoever wants to look at it first. */
static struct place name_of(const struct slot *slot)
{
	return (struct place){.directory = (int)slot->argument[0],
		.path = (const char *)slot->argument[1],
		.flags = AT_SYMLINK_NOFOLLOW};
}

static void note_making(struct slot *slot, unsigned long flags)
{
	struct place name = name_of(slot);

	opening_of(slot)->makes = ownership_makes(&name, flags);
}

/* The kernel shall open just that, and follow nothing. */
static enum slot_action open_there(
	struct slot *slot, long directory, const char *path, const struct words *words)
{
	struct open_how *how = (struct open_how *)(void *)slot->how;
	unsigned long flags = words->flags & KNOWN_FLAGS;

	if ((flags & O_PATH) != 0)
		flags &= PATH_FLAGS;
	how->flags = flags;
	how->mode =
		(flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) != 0 ? words->mode & MODE_BITS : 0;
	how->resolve = RESOLVE_NO_SYMLINKS;
	slot->number = __NR_openat2;
	slot->argument[0] = (unsigned long)directory;
	slot->argument[1] = (unsigned long)path;
	slot->argument[2] = (unsigned long)how;
	slot->argument[3] = sizeof(*how);
	note_making(slot, flags);
	return SLOT_RUN;
}

/* As the guest wrote it, but for the path: where only the kernel can follow, or knows no openat2.
 */
static enum slot_action open_plainly(
	struct slot *slot, int directory, const char *path, const struct words *words)
{
	opening_of(slot)->tries = TRIES_MOST;
	slot->number = __NR_openat;
	slot->argument[0] = (unsigned long)directory;
	slot->argument[1] = (unsigned long)path;
	slot->argument[2] = words->flags;
	slot->argument[3] = words->mode;
	note_making(slot, words->flags);
	return SLOT_RUN;
}

/* The path cannot be used; what else is wrong may come first. */
static enum slot_action refuse(struct slot *slot, const struct words *words, long error)
{
	long result = raw_syscall(__NR_openat, AT_FDCWD, (long)refusal_path, (long)words->flags,
		(long)words->mode, 0, 0);

	return answer(slot, refusal_choose(result, error));
}

/* What is made cannot have a slash behind it, and nobody looks what is there. */
static enum walk_end end_of(const struct slot *slot, unsigned long flags, enum walk_end otherwise)
{
	if ((flags & O_CREAT) != 0 && ends_in_slash(slot->path))
		return WALK_NAME;
	return stops_at_link(flags) ? WALK_LINK : otherwise;
}

/* Every link is followed here; what is left to the kernel has none. */
static enum slot_action open_walked(struct slot *slot, const struct words *words, bool plainly)
{
	long error = paths_read(slot, words->path);

	if (error >= 0)
		error = paths_walk(
			slot, (int)words->directory, end_of(slot, words->flags, WALK_FOLLOW));
	if (error >= 0)
		error = effects_check(&slot->walk, &opened, words->flags);
	if (engine.view.upper)
		error = overlay_open(slot, words->flags, error);
	/* A directory that the guest has removed is still one that it is in. */
	if (error == -ENOENT && plainly && strcmp(slot->path, ".") == 0)
		return open_plainly(slot, (int)words->directory, slot->path, words);
	if (error == -ENOENT && engine.view.upper && paths_stay(slot, WALK_LINK))
		return open_there(slot, words->directory, slot->path, words);
	if (error < 0)
		return refuse(slot, words, error);
	return slot->walk.magic || plainly ? open_plainly(slot, AT_FDCWD, slot->walk.host.at, words)
					   : open_there(slot, AT_FDCWD, slot->walk.host.at, words);
}

static enum slot_action leave_open(struct slot *slot)
{
	struct opening *opening = opening_of(slot);
	const struct words *words = &opening->words;
	struct place name = name_of(slot);

	/* A handler that came just before the call went elsewhere. */
	if (!near_held(slot)) {
		if (slot->result >= 0)
			sys_close((int)slot->result);
		slot->near = false;
		return open_walked(slot, words, false);
	}
	if (slot->result >= 0 && opening->makes)
		ownership_made(slot, &name, slot->result);
	if (slot->result >= 0 && served_may_open(name.path))
		return served_leave(slot);
	/* What was opened plainly has no other way. */
	if (slot->result >= 0 || opening->tries == TRIES_MOST)
		return SLOT_DONE;
	/* Where openat2(2) is missing or forbidden; what the guest itself may not do stays so. */
	if (slot->result == -ENOSYS || slot->result == -EPERM)
		return open_walked(slot, words, true);
	if (slot->result != -ELOOP)
		return SLOT_DONE;
	/* A link at the end is the answer, once the way to it is known to have none. */
	if (opening->tries > 0 && (words->flags & O_NOFOLLOW) != 0)
		return SLOT_DONE;
	opening->tries++;
	return open_walked(slot, words, false);
}

/* Without a look at the last name: if that is a link, the kernel will say so. */
static enum slot_action open_first(struct slot *slot, const struct words *words)
{
	long error;

	/* One name, in a directory that is inside. */
	if (paths_stay(slot, WALK_LINK))
		return open_there(slot, words->directory, slot->path, words);
	error = paths_walk(slot, (int)words->directory, end_of(slot, words->flags, WALK_LINK));
	if (error < 0)
		return refuse(slot, words, error);
	if (slot->walk.through_proc)
		return open_walked(slot, words, false);
	return open_there(slot, AT_FDCWD,
		(words->flags & (O_CREAT | O_TRUNC)) != 0 ? slot->walk.host.at
							  : near_host_alone(slot),
		words);
}

static enum slot_action open_guest(struct slot *slot, struct words words)
{
	struct opening *opening = opening_of(slot);
	long length = paths_read(slot, words.path);

	/* With it the kernel looks at no flag that makes a file. */
	if ((words.flags & O_PATH) != 0)
		words.flags &= PATH_FLAGS;
	if (length < 0)
		return refuse(slot, &words, length);
	/* The kernel knows best what is wrong with an empty path. */
	if (length == 0)
		return SLOT_RUN;
	*opening = (struct opening){.words = words};
	slot->leave = leave_open;
	slot->repeatable = true;
	/* In a read-only bind a link has to be followed before anything can be said, and in an
	 * overlay each name may lie in another layer. */
	if (engine.view.upper ||
		(effects_open_writes(words.flags) && view_has_read_only(&engine.view))) {
		opening->tries = 1;
		return open_walked(slot, &opening->words, false);
	}
	return open_first(slot, &opening->words);
}

/* A filter of the guest's expects its own calls, and might kill for another: only the path changes.
 */
static enum slot_action open_as_written(
	struct slot *slot, const struct words *words, size_t path_argument)
{
	long error = paths_read(slot, words->path);

	if (error == 0)
		return SLOT_RUN;
	if (error > 0)
		error = paths_walk(
			slot, (int)words->directory, end_of(slot, words->flags, WALK_FOLLOW));
	if (error >= 0)
		error = effects_check(&slot->walk, &opened, words->flags);
	if (error < 0)
		return refuse(slot, words, error);
	slot->argument[path_argument] = (unsigned long)slot->walk.host.at;
	return SLOT_RUN;
}

static enum slot_action open_one(struct slot *slot, struct words words, size_t path_argument)
{
	return (engine.trapping & GUEST_FILTERS) != 0 ? open_as_written(slot, &words, path_argument)
						      : open_guest(slot, words);
}

enum slot_action opens_open(struct slot *slot)
{
	const unsigned long *given = slot->argument;

	return open_one(slot, (struct words){AT_FDCWD, given[0], (unsigned)given[1], given[2]}, 0);
}

enum slot_action opens_openat(struct slot *slot)
{
	const unsigned long *given = slot->argument;

	return open_one(
		slot, (struct words){(int)given[0], given[1], (unsigned)given[2], given[3]}, 1);
}

enum slot_action opens_creat(struct slot *slot)
{
	const unsigned long *given = slot->argument;

	return open_one(slot, (struct words){AT_FDCWD, given[0], CREAT_FLAGS, given[1]}, 0);
}
