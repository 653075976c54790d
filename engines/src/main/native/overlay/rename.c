#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "overlay/calls.h"
#include "overlay/change.h"
#include "overlay/upper.h"
#include "path/layers.h"

/*
 * rename(2) in an overlay. A directory of which a lower layer holds a part does not move: EXDEV, as
 * the kernel's overlayfs says without redirect_dir, and programs copy it then. Everything else is
 * made the upper layer's first. What a lower layer has under the old name, and under the new one
 * when that becomes a directory, is hidden before the upper names change, all at once, by one
 * rename(2).
 */

/* One of the two names. */
struct side {
	const char *guest;
	size_t length;
	unsigned long mask;
	bool directory;
	bool slash;
};

struct move {
	struct side from;
	struct side to;
	unsigned long flags;
};

/* Points slot->walk to one side, as it is now. */
static void load(struct slot *slot, const struct side *side)
{
	text_clear(&slot->walk.guest);
	text_add_bytes(&slot->walk.guest, side->guest, side->length);
	slot->walk.suffix = "";
	change_look_again(slot);
}

static long look_at_side(struct slot *slot, struct side *side)
{
	struct stat status;
	long error;

	load(slot, side);
	side->mask = slot->walk.mask;
	side->directory = false;
	if (side->mask == 0)
		return change_check_directory(slot);
	error = change_status(slot, &status);
	side->directory = error == 0 && (status.st_mode & S_IFMT) == S_IFDIR;
	return error < 0 ? error : change_check_directory(slot);
}

static bool is_inside(const struct side *outer, const struct side *inner)
{
	return inner->length > outer->length && inner->guest[outer->length] == '/' &&
	       memcmp(inner->guest, outer->guest, outer->length) == 0;
}

/* The kernel's own checks, in its order, of what it cannot see. */
static long check_kinds(const struct move *move)
{
	bool exchange = (move->flags & RENAME_EXCHANGE) != 0;
	const struct side *from = &move->from;
	const struct side *to = &move->to;

	if (from->mask == 0 || (exchange && to->mask == 0))
		return -ENOENT;
	if ((move->flags & RENAME_NOREPLACE) != 0 && to->mask != 0)
		return -EEXIST;
	if (!from->directory && (from->slash || (to->slash && !exchange)))
		return -ENOTDIR;
	if (exchange && !to->directory && to->slash)
		return -ENOTDIR;
	if (is_inside(from, to))
		return -EINVAL;
	if (is_inside(to, from))
		return exchange ? -EINVAL : -ENOTEMPTY;
	if (!exchange && to->mask != 0 && from->directory != to->directory)
		return from->directory ? -ENOTDIR : -EISDIR;
	if (from->directory && (from->mask & ~1UL) != 0)
		return -EXDEV;
	if (exchange && to->directory && (to->mask & ~1UL) != 0)
		return -EXDEV;
	return 0;
}

static long check(struct slot *slot, struct move *move)
{
	long error = look_at_side(slot, &move->from);

	if (error == 0)
		error = look_at_side(slot, &move->to);
	if (error == 0)
		error = check_kinds(move);
	if (error == 0 && move->to.directory && (move->flags & RENAME_EXCHANGE) == 0)
		error = change_check_empty(slot);
	return error;
}

static long copy_up(struct slot *slot, const struct move *move)
{
	long error;

	load(slot, &move->from);
	error = change_copy_up(slot, true);
	if (error == 0)
		error = change_copy_parent(slot);
	if (error < 0)
		return error;
	load(slot, &move->to);
	if ((move->flags & RENAME_EXCHANGE) != 0)
		error = change_copy_up(slot, true);
	return error == 0 ? change_copy_parent(slot) : error;
}

/* What a lower layer has by this name shall not show when the upper layer's has gone, or merge. */
static long hide(struct slot *slot, const struct side *side, const struct upper_place *place)
{
	load(slot, side);
	return change_lower(slot) != 0 ? upper_hide(place) : 0;
}

/* The file that a rename is about to replace keeps no number that another could inherit. */
static void forget_replaced(const struct upper_place *place)
{
	struct stat status;

	if (sys_fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		(status.st_mode & S_IFMT) != S_IFDIR && status.st_nlink == 1)
		upper_forget(&status);
}

/* In the upper layer, between directories that are held. */
static long move_between(struct slot *slot, const struct move *move, const struct upper_place *from,
	const struct upper_place *to)
{
	bool exchange = (move->flags & RENAME_EXCHANGE) != 0;
	long error = 0;

	if (!exchange || move->to.directory)
		error = hide(slot, &move->from, from);
	if (error == 0 && move->from.directory)
		error = hide(slot, &move->to, to);
	if (error < 0)
		return error;
	if (!exchange && move->to.directory && (move->to.mask & 1) != 0)
		change_clear(to);
	else if (!exchange)
		forget_replaced(to);
	/* What is there for the guest may not be there in the upper layer. */
	return files_rename(from->directory, from->name, to->directory, to->name,
		exchange ? RENAME_EXCHANGE : 0);
}

static long move_locked(struct slot *slot, struct move *move)
{
	struct upper_place from;
	struct upper_place to;
	long error = check(slot, move);

	if (error == 0)
		error = upper_enter(&from, move->from.guest, move->from.length);
	if (error < 0)
		return error;
	error = upper_enter(&to, move->to.guest, move->to.length);
	if (error == 0) {
		error = move_between(slot, move, &from, &to);
		upper_leave(&to);
	}
	upper_leave(&from);
	return error;
}

static long move_names(struct slot *slot, struct move *move)
{
	long error;
	long lock;

	if ((move->flags & ~(unsigned long)(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 ||
		move->flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	error = check(slot, move);
	if (error < 0)
		return error;
	if (move->from.length == move->to.length &&
		memcmp(move->from.guest, move->to.guest, move->to.length) == 0)
		return 0;
	error = copy_up(slot, move);
	if (error < 0)
		return error;
	lock = upper_lock();
	if (lock < 0)
		return lock;
	error = move_locked(slot, move);
	upper_unlock((int)lock);
	return error;
}

/* The root's name, and names that are dots. */
static bool is_refused(const char *host)
{
	size_t length = strlen(host);

	return length == 1 ||
	       (host[length - 1] == '.' && (host[length - 2] == '/' || host[length - 2] == '.'));
}

static enum slot_action rename_names(struct slot *slot, size_t from, size_t to, unsigned long flags)
{
	struct upper_paths *paths = upper_paths_of(slot);
	struct text first = text_in(paths->guest, sizeof(paths->guest));
	const char *host = (const char *)slot->argument[from];
	struct walk *walk = &slot->walk;
	struct move move = {.flags = flags};
	size_t length;

	/* Names that the kernel refuses, and binds, which are none of the overlay's. */
	if (slot->argument[from] == slot->original[from] ||
		slot->argument[to] == slot->original[to] || walk->bind != NULL ||
		is_refused(host) || is_refused((const char *)slot->argument[to]))
		return SLOT_RUN;
	length = strlen(host);
	move.from.slash = length > 1 && host[length - 1] == '/';
	view_to_guest(&engine.view, host, move.from.slash ? length - 1 : length, &first);
	memcpy(slot->path, walk->guest.at, walk->guest.length + 1);
	move.from.guest = first.at;
	move.from.length = first.length;
	move.to.guest = slot->path;
	move.to.length = walk->guest.length;
	move.to.slash = walk->suffix[0] == '/';
	slot->result = move_names(slot, &move);
	return SLOT_DONE;
}

enum slot_action overlay_rename(struct slot *slot)
{
	return rename_names(slot, 0, 1, 0);
}

enum slot_action overlay_renameat(struct slot *slot)
{
	return rename_names(slot, 1, 3, 0);
}

enum slot_action overlay_renameat2(struct slot *slot)
{
	return rename_names(slot, 1, 3, (unsigned)slot->argument[4]);
}
