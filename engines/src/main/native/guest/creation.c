#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"
#include "rules/rule.h"

/*
 * Files that appear and go away. A new one belongs to the guest's user; a name that is the last of
 * its file takes the record with it, because the host gives the number to another file.
 */

/* The directory that a new name is in. A set-group-ID one passes its group on. */
static long look_at_parent(struct slot *slot, const struct place *name, struct ownership *parent)
{
	struct place place = *name;
	struct text path = text_in(slot->path, sizeof(slot->path));
	size_t length;
	long error = guarded_copy_string(slot->path, place.path, sizeof(slot->path));

	if (error < 0 || error == (long)sizeof(slot->path))
		return error < 0 ? error : -ENAMETOOLONG;
	length = (size_t)error;
	while (length > 1 && slot->path[length - 1] == '/')
		length--;
	while (length > 0 && slot->path[length - 1] != '/')
		length--;
	path.length = length;
	text_add(&path, ".");
	place.path = path.at;
	place.flags = 0;
	return ownership_look(&place, parent);
}

/* Gives a new file to who made it, and opens it to the real user. */
static void settle(struct slot *slot, const struct place *place, const struct place *name)
{
	struct ownership file;
	struct ownership parent;
	unsigned group = engine.identity.group.file;
	unsigned real;

	if (ownership_look(place, &file) < 0)
		return;
	if (look_at_parent(slot, name, &parent) == 0 && (parent.mode & S_ISGID) != 0)
		group = parent.group;
	/* The host may refuse to keep it, but the file is there, and so the call has succeeded. */
	(void)ownership_give(place, &file, engine.identity.user.file, group);
	if (ownership_is_real() || (file.real_mode & S_IFMT) == S_IFLNK ||
		(file.mode & S_IFMT) != (file.real_mode & S_IFMT))
		return;
	real = ownership_real_mode(file.real_mode);
	if (real == (file.real_mode & 07777))
		return;
	if (owners_set_mode(&file.key, file.real_mode & 07777, 0) == 0)
		(void)sys_fchmodat(place->directory, place->path, real);
}

static enum slot_action leave_made(struct slot *slot)
{
	struct place place = ownership_place(slot, 0);

	if (slot->result >= 0)
		settle(slot, &place, &place);
	return SLOT_DONE;
}

/* mkdir, symlink: what they make was not there before. */
enum slot_action ownership_make(struct slot *slot)
{
	slot->leave = leave_made;
	return SLOT_RUN;
}

bool ownership_makes(const struct place *name, unsigned long flags)
{
	struct statx status;

	if (!engine.identity.given || (flags & O_CREAT) == 0)
		return engine.identity.given && (flags & O_TMPFILE) == O_TMPFILE;
	return sys_statx(name->directory, name->path, name->flags, STATX_INO, &status) == -ENOENT;
}

void ownership_made(struct slot *slot, const struct place *name, long descriptor)
{
	char bytes[64];
	struct text path = text_in(bytes, sizeof(bytes));
	struct place place = {.directory = AT_FDCWD, .path = bytes};

	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, descriptor);
	settle(slot, &place, name);
}

void ownership_named(struct slot *slot, const struct place *name)
{
	settle(slot, name, name);
}

static enum slot_action leave_openat2(struct slot *slot)
{
	struct place name = {.directory = (int)slot->argument[0],
		.path = (const char *)slot->argument[1],
		.flags = AT_SYMLINK_NOFOLLOW};

	if (slot->result >= 0)
		ownership_made(slot, &name, slot->result);
	return SLOT_DONE;
}

enum slot_action ownership_openat2(struct slot *slot, unsigned long flags)
{
	struct place name = {.directory = (int)slot->argument[0],
		.path = (const char *)slot->argument[1],
		.flags = AT_SYMLINK_NOFOLLOW};

	if (ownership_makes(&name, flags))
		slot->leave = leave_openat2;
	return SLOT_RUN;
}

/* A device that the host refuses to make: an empty file stands for it, which nobody can open. */
static long stand_in(const struct place *place, unsigned mode, unsigned special)
{
	struct ownership file;
	long error =
		sys_mknodat(place->directory, place->path, S_IFREG | (mode & ~(unsigned)S_IFMT), 0);

	if (error < 0)
		return error;
	error = ownership_look(place, &file);
	if (error == 0)
		error = owners_set_mode(
			&file.key, (mode & S_IFMT) | (file.real_mode & 07777), special);
	return error < 0 ? error : sys_fchmodat(place->directory, place->path, 0);
}

static enum slot_action leave_mknod(struct slot *slot, size_t at)
{
	struct place place = ownership_place(slot, 0);
	unsigned mode = (unsigned)slot->argument[at];

	if (slot->result == -EPERM && ((mode & S_IFMT) == S_IFCHR || (mode & S_IFMT) == S_IFBLK) &&
		identity_may(CAP_MKNOD))
		slot->result = stand_in(&place, mode, (unsigned)slot->argument[at + 1]);
	return leave_made(slot);
}

static enum slot_action leave_mknod1(struct slot *slot)
{
	return leave_mknod(slot, 1);
}

static enum slot_action leave_mknod2(struct slot *slot)
{
	return leave_mknod(slot, 2);
}

enum slot_action ownership_mknod(struct slot *slot)
{
	slot->leave = leave_mknod1;
	return SLOT_RUN;
}

enum slot_action ownership_mknodat(struct slot *slot)
{
	slot->leave = leave_mknod2;
	return SLOT_RUN;
}

static enum slot_action leave_removed(struct slot *slot)
{
	if (slot->result >= 0)
		owners_forget((unsigned long)slot->note[1], (unsigned long)slot->note[2]);
	return SLOT_DONE;
}

static enum slot_action remove(struct slot *slot, unsigned which)
{
	struct place place;
	struct ownership file;

	if (!owners_any())
		return SLOT_RUN;
	place = ownership_place(slot, which);
	if (ownership_look(&place, &file) < 0 || !file.remembered ||
		(file.links > 1 && (file.real_mode & S_IFMT) != S_IFDIR))
		return SLOT_RUN;
	slot->note[1] = (long)file.key.device;
	slot->note[2] = (long)file.key.inode;
	slot->leave = leave_removed;
	return SLOT_RUN;
}

/* unlink(2), rmdir(2) */
enum slot_action ownership_remove(struct slot *slot)
{
	return remove(slot, 0);
}

/* rename(2), for what has the new name now */
enum slot_action ownership_replace(struct slot *slot)
{
	return remove(slot, 1);
}

enum slot_action ownership_replace_flags(struct slot *slot)
{
	return slot->argument[4] == 0 ? remove(slot, 1) : SLOT_RUN;
}
