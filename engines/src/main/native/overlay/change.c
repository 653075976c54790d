#include "overlay/change.h"

#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "overlay/copy.h"
#include "overlay/inodes.h"
#include "overlay/upper.h"
#include "path/layers.h"

/* Lower layers stay as they are; in the upper one a link may appear on the way. */
static long status_in(unsigned layer, const char *guest, size_t length, struct stat *status)
{
	char bytes[PATH_BYTES];
	struct text host = text_in(bytes, sizeof(bytes));
	struct upper_place place;
	long error;

	if (layer == 0 && length > 1) {
		error = upper_enter(&place, guest, length);
		if (error < 0)
			return error;
		error = sys_fstatat(place.directory, place.name, status, AT_SYMLINK_NOFOLLOW);
		upper_leave(&place);
		return error;
	}
	layers_host(&engine.view, layer, guest, length, &host);
	if (host.overflow)
		return -ENAMETOOLONG;
	return sys_fstatat(AT_FDCWD, host.at, status, AT_SYMLINK_NOFOLLOW);
}

static size_t parent_length(const char *guest, size_t length)
{
	while (length > 1 && guest[length - 1] != '/')
		length--;
	return length > 1 ? length - 1 : 1;
}

/* The copy appears under its name at once and whole, or not at all. */
static long put_in_place(const char *guest, size_t length, const char *aside)
{
	struct upper_place place;
	struct stat parent;
	long error = upper_enter(&place, guest, length);

	if (error < 0)
		return error;
	error = sys_fstatat(place.directory, ".", &parent, 0);
	/* Somebody has removed it while it was copied. */
	if (error == 0 && upper_is_hidden(&place))
		error = -ENOENT;
	if (error == 0)
		error = files_rename(
			AT_FDCWD, aside, place.directory, place.name, RENAME_NOREPLACE);
	if (error == 0) {
		const long times[4] = {(long)parent.st_atime, (long)parent.st_atime_nsec,
			(long)parent.st_mtime, (long)parent.st_mtime_nsec};

		/* For the guest nothing has changed in that directory. */
		(void)files_set_times(place.directory, ".", times, 0);
	}
	upper_leave(&place);
	return error;
}

static long copy_aside(const char *from, struct text *aside, const struct stat *status, bool data)
{
	long error = copy_object(from, aside->at, status, data);

	if (error != -EEXIST)
		return error;
	/* Left by a process of the same number that was killed. */
	if (files_unlink(AT_FDCWD, aside->at, 0) < 0)
		files_unlink(AT_FDCWD, aside->at, AT_REMOVEDIR);
	return copy_object(from, aside->at, status, data);
}

/* What the guest knows of owner and mode it knows of the copy. */
static void copy_ownership(const char *from, const char *to)
{
	struct place original = {AT_FDCWD, from, AT_SYMLINK_NOFOLLOW};
	struct place copy = {AT_FDCWD, to, AT_SYMLINK_NOFOLLOW};
	struct ownership old;
	struct ownership new;

	if (!engine.identity.given || ownership_look(&original, &old) < 0 ||
		ownership_look(&copy, &new) < 0)
		return;
	if (old.user != new.user || old.group != new.group)
		(void)owners_set_owner(&new.key, old.user, old.group);
	if (old.mode != new.mode)
		(void)owners_set_mode(&new.key,
			(old.mode & S_IFMT) == (new.mode &S_IFMT) ? old.mode & 07777 : old.mode,
			old.special);
}

/*
 * The copy shows the number of what it was copied from, and that is answered; 0 where it keeps its
 * own. So does one of several hard links: the others still have that number, and are another file
 * now.
 */
static unsigned long note_inode(const char *copy, const struct stat *original)
{
	struct stat copied;

	if (sys_fstatat(AT_FDCWD, copy, &copied, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (original->st_nlink > 1) {
		upper_forget_inode(copied.st_ino);
		return 0;
	}
	upper_note_inode(copied.st_ino, inodes_of(original->st_dev, original->st_ino));
	return copied.st_ino;
}

/* Copies one object of a lower layer, whose parent is in the upper one. */
static long copy_one(struct slot *slot, const char *guest, size_t length, unsigned layer, bool data)
{
	struct upper_paths *paths = upper_paths_of(slot);
	struct text aside = text_in(paths->to, sizeof(paths->to));
	struct text from = text_in(paths->from, sizeof(paths->from));
	struct stat status;
	unsigned long inode;
	bool directory;
	long lock;
	long error = status_in(layer, guest, length, &status);

	layers_host(&engine.view, layer, guest, length, &from);
	upper_aside(slot, &aside);
	if (from.overflow || aside.overflow)
		return -ENAMETOOLONG;
	if (error == 0)
		error = copy_aside(from.at, &aside, &status, data);
	if (error < 0)
		return error;
	copy_ownership(from.at, aside.at);
	directory = (status.st_mode & S_IFMT) == S_IFDIR;
	inode = directory ? 0 : note_inode(aside.at, &status);
	lock = upper_lock();
	error = lock < 0 ? lock : put_in_place(guest, length, aside.at);
	if (error < 0) {
		files_unlink(AT_FDCWD, aside.at, directory ? AT_REMOVEDIR : 0);
		if (inode != 0)
			upper_forget_inode(inode);
	}
	if (lock >= 0)
		upper_unlock((int)lock);
	/* Another process was faster. */
	return error == -EEXIST ? 0 : error;
}

/* Every directory on the way that the upper layer lacks, from the root down. */
static long copy_directories(struct slot *slot, const char *guest, size_t length)
{
	struct stat status;

	if (status_in(0, guest, length, &status) == 0)
		return 0;
	for (size_t end = 1; end < length;) {
		unsigned long mask;
		long error;

		end++;
		while (end < length && guest[end] != '/')
			end++;
		if (status_in(0, guest, end, &status) == 0)
			continue;
		mask = layers_find(&slot->walk, &engine.view, &paths_host, guest, end);
		if (mask == 0)
			return -ENOENT;
		error = copy_one(slot, guest, end, layers_top(mask), false);
		if (error < 0)
			return error;
	}
	return 0;
}

static void show_upper(struct slot *slot)
{
	struct walk *walk = &slot->walk;

	layers_host(&engine.view, 0, walk->guest.at, walk->guest.length, &walk->host);
	if (walk->host.length > 1)
		text_add(&walk->host, walk->suffix);
}

long change_copy_parent(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	unsigned long mask = walk->mask;
	long error = 0;

	if ((walk->parent & 1) == 0)
		error = copy_directories(
			slot, walk->guest.at, parent_length(walk->guest.at, walk->guest.length));
	walk->mask = mask;
	if (error == 0)
		walk->parent |= 1;
	show_upper(slot);
	return error;
}

long change_copy_up(struct slot *slot, bool data)
{
	struct walk *walk = &slot->walk;
	unsigned long mask = walk->mask;
	long error;

	if ((mask & 1) != 0)
		return 0;
	error = change_copy_parent(slot);
	if (error == 0)
		error = copy_one(slot, walk->guest.at, walk->guest.length, layers_top(mask), data);
	walk->mask = error == 0 ? mask | 1 : mask;
	show_upper(slot);
	return error;
}

void change_look_again(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	const char *guest = walk->guest.at;
	size_t above = parent_length(guest, walk->guest.length);

	walk->parent = layers_find(walk, &engine.view, &paths_host, guest, above);
	layers_look(walk, &engine.view, &paths_host, walk->parent, guest, walk->guest.length);
}

unsigned long change_lower(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	unsigned long mask = walk->mask;
	unsigned long lower;

	layers_look(walk, &engine.view, &paths_host, walk->parent & ~1UL, walk->guest.at,
		walk->guest.length);
	lower = walk->mask;
	walk->mask = mask;
	return lower;
}

long change_status(struct slot *slot, struct stat *status)
{
	const struct walk *walk = &slot->walk;

	if (walk->mask == 0)
		return -ENOENT;
	return status_in(layers_top(walk->mask), walk->guest.at, walk->guest.length, status);
}

bool change_is_free(void)
{
	return engine.identity.given && identity_may(CAP_DAC_OVERRIDE);
}

long change_check_directory(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	char bytes[PATH_BYTES];
	struct text host = text_in(bytes, sizeof(bytes));
	enum { WRITE_AND_ENTER = 3 };
	long error;

	if (change_is_free() || walk->parent == 0)
		return 0;
	layers_host(&engine.view, layers_top(walk->parent), walk->guest.at,
		parent_length(walk->guest.at, walk->guest.length), &host);
	if (host.overflow)
		return -ENAMETOOLONG;
	error = sys_faccessat2(AT_FDCWD, host.at, WRITE_AND_ENTER, AT_EACCESS);
	return error == -EACCES ? error : 0;
}
