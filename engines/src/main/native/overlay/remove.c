#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "overlay/calls.h"
#include "overlay/change.h"
#include "overlay/listing.h"
#include "overlay/upper.h"
#include "path/layers.h"

/*
 * unlink(2) and rmdir(2) in an overlay. A whiteout is made before what it hides goes away in the
 * upper layer, and does not touch that; so whoever is killed in between leaves a name that is still
 * there, never one of a lower layer that has come back.
 */

enum { RECORD_HEAD = 19, DOT_NAMES = 2 };

long change_check_empty(struct slot *slot)
{
	struct names names = {.count = 0};
	long error;

	memcpy(slot->path, slot->walk.guest.at, slot->walk.guest.length + 1);
	error = listing_read(slot, &names, slot->walk.mask);
	if (error == 0 && names.count > DOT_NAMES)
		error = -ENOTEMPTY;
	names_free(&names);
	return error;
}

static void clear_names(int directory, const char *records, long length)
{
	for (long at = 0; at < length;) {
		const char *name = records + at + RECORD_HEAD;
		unsigned short size;

		memcpy(&size, records + at + RECORD_HEAD - 3, sizeof(size));
		if (text_starts(name, LAYERS_WHITEOUT))
			files_unlink(directory, name, 0);
		at += size;
	}
}

long change_clear(const struct upper_place *place)
{
	char records[PATH_BYTES];
	long directory = sys_openat(
		place->directory, place->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	long length;

	if (directory < 0)
		return directory;
	do {
		length = files_read_directory((int)directory, records, sizeof(records));
		clear_names((int)directory, records, length);
	} while (length > 0);
	sys_close((int)directory);
	return length;
}

static long check_type(const struct slot *slot, const struct stat *status, bool directory)
{
	bool is_directory = (status->st_mode & S_IFMT) == S_IFDIR;

	if (directory)
		return is_directory ? 0 : -ENOTDIR;
	if (is_directory)
		return -EISDIR;
	return slot->walk.suffix[0] == '/' ? -ENOTDIR : 0;
}

/* From the upper layer, and out of sight in the others. */
static long take_from(
	const struct slot *slot, const struct upper_place *place, bool hide, bool directory)
{
	struct stat status;
	long error = hide ? upper_hide(place) : 0;

	if (error < 0 || (slot->walk.mask & 1) == 0)
		return error;
	if (directory)
		change_clear(place);
	else if (sys_fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		 status.st_nlink == 1)
		upper_forget(&status);
	return files_unlink(place->directory, place->name, directory ? AT_REMOVEDIR : 0);
}

/* With the lock held, and the directory in the upper layer if there is anything to hide. */
static long take_away(struct slot *slot, bool directory)
{
	struct walk *walk = &slot->walk;
	struct upper_place place;
	struct stat status;
	bool hide;
	long error;

	change_look_again(slot);
	error = change_status(slot, &status);
	if (error == 0)
		error = check_type(slot, &status, directory);
	if (error == 0 && directory)
		error = change_check_empty(slot);
	if (error < 0)
		return error;
	hide = change_lower(slot) != 0;
	error = upper_enter(&place, walk->guest.at, walk->guest.length);
	if (error < 0)
		return error;
	error = take_from(slot, &place, hide, directory);
	upper_leave(&place);
	return error;
}

static long remove_locked(struct slot *slot, bool directory)
{
	struct stat status;
	long error = change_status(slot, &status);
	long lock;

	if (error == 0)
		error = check_type(slot, &status, directory);
	if (error == 0)
		error = change_check_directory(slot);
	if (error == 0 && directory)
		error = change_check_empty(slot);
	if (error == 0 && change_lower(slot) != 0)
		error = change_copy_parent(slot);
	if (error < 0)
		return error;
	lock = upper_lock();
	if (lock < 0)
		return lock;
	error = take_away(slot, directory);
	upper_unlock((int)lock);
	return error;
}

static enum slot_action remove_name(struct slot *slot, size_t path, bool directory)
{
	const struct walk *walk = &slot->walk;
	bool dots = walk->suffix[0] != '\0' && walk->suffix[1] == '.';

	/* The kernel knows what to say of those, and removes nothing. */
	if (slot->argument[path] == slot->original[path] || dots || walk->guest.length == 1 ||
		walk->bind != NULL || walk->mask == 0)
		return SLOT_RUN;
	slot->result = remove_locked(slot, directory);
	return SLOT_DONE;
}

enum slot_action overlay_unlink(struct slot *slot)
{
	return remove_name(slot, 0, false);
}

enum slot_action overlay_rmdir(struct slot *slot)
{
	return remove_name(slot, 0, true);
}

enum slot_action overlay_unlinkat(struct slot *slot)
{
	unsigned long flags = (unsigned)slot->argument[2];

	if ((flags & ~(unsigned long)AT_REMOVEDIR) != 0)
		return SLOT_RUN;
	return remove_name(slot, 1, flags != 0);
}
