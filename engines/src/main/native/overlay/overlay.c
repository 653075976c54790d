#include "overlay/overlay.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/effects.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "overlay/calls.h"
#include "overlay/change.h"
#include "overlay/inodes.h"
#include "overlay/rows.h"
#include "overlay/upper.h"
#include "path/layers.h"
#include "rules/calls.h"
#include "rules/numbers.h"

enum { ACCESS_WRITE = 2 };

static bool starts_with(const char *path, const char *prefix, size_t length)
{
	return strncmp(path, prefix, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Does a host path lie in a layer under the upper one? */
static bool is_lower(const char *host)
{
	if (starts_with(host, engine.view.root, engine.view.root_length))
		return false;
	for (size_t i = 0; i < engine.view.layer_count; i++) {
		if (starts_with(host, engine.view.layers[i].host, engine.view.layers[i].length))
			return true;
	}
	return false;
}

/* Is what slot->walk has found still the file of a lower layer that is open, or the copy of it? */
static bool is_same(struct slot *slot, const struct stat *opened)
{
	struct stat found;
	unsigned long inode;

	if (change_status(slot, &found) < 0 || ((found.st_mode ^ opened->st_mode) & S_IFMT) != 0)
		return false;
	/* Copies of hard links have numbers of their own, so those cannot be told. */
	if ((found.st_mode & S_IFMT) == S_IFDIR || opened->st_nlink > 1)
		return true;
	inode = (slot->walk.mask & 1) != 0 ? upper_shown_inode(found.st_ino)
					   : inodes_of(found.st_dev, found.st_ino);
	return inode == inodes_of(opened->st_dev, opened->st_ino);
}

/*
 * Finds in the guest what a link of /proc stands for, if that is of a lower layer: 1, 0 or -errno;
 * -EROFS when the guest has removed it, for nothing of a lower layer can be changed.
 */
static long walk_to_link(struct slot *slot, const char *link)
{
	char host[PATH_BYTES];
	struct text guest = text_in(slot->path, sizeof(slot->path));
	long length = sys_readlinkat(AT_FDCWD, link, host, sizeof(host) - 1);
	struct stat opened;
	long error;

	if (length < 0 || sys_fstatat(AT_FDCWD, link, &opened, 0) < 0)
		return 0;
	host[length] = '\0';
	if (!is_lower(host) || view_to_guest(&engine.view, host, (size_t)length, &guest) < 0)
		return 0;
	error = paths_walk(slot, AT_FDCWD, WALK_LINK);
	if (error == 0 && slot->walk.bind != NULL)
		return 0;
	return error == 0 && is_same(slot, &opened) ? 1 : -EROFS;
}

/* The descriptor in an argument, if it is of a lower layer; then slot->walk tells what it is. */
static long walk_to_descriptor(struct slot *slot, int descriptor)
{
	char link[64];
	struct text text = text_in(link, sizeof(link));

	text_add(&text, "/proc/self/");
	if (descriptor == AT_FDCWD) {
		text_add(&text, "cwd");
	} else {
		text_add(&text, "fd/");
		text_add_number(&text, descriptor);
	}
	return walk_to_link(slot, link);
}

/* 0 when the guest may write to it as far as the file itself goes; its layer may be read-only. */
static long check_file(const struct slot *slot)
{
	long error;

	if (change_is_free())
		return 0;
	error = sys_faccessat2(AT_FDCWD, slot->walk.host.at, ACCESS_WRITE, AT_EACCESS);
	return error == -EACCES ? error : 0;
}

long overlay_prepare_name(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	long error;

	if (walk->bind != NULL || walk->mask != 0 || walk->suffix[0] == '.' ||
		(walk->suffix[0] == '/' && walk->suffix[1] == '.'))
		return 0;
	error = change_check_directory(slot);
	return error < 0 ? error : change_copy_parent(slot);
}

long overlay_prepare_open(struct slot *slot, unsigned long flags)
{
	struct walk *walk = &slot->walk;
	bool temporary = (flags & O_TMPFILE) == O_TMPFILE;
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
	struct stat status;
	long error;

	if (walk->bind != NULL || (flags & O_PATH) != 0)
		return 0;
	if (walk->mask == 0)
		return (flags & O_CREAT) != 0 ? overlay_prepare_name(slot) : 0;
	if ((walk->mask & 1) != 0 || !writes || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return 0;
	error = change_status(slot, &status);
	/* Devices, pipes and sockets are not written to on the disk, and the rest is refused. */
	if (error < 0 || (status.st_mode & S_IFMT) != (temporary ? S_IFDIR : S_IFREG))
		return error;
	error = check_file(slot);
	return error < 0 ? error : change_copy_up(slot, (flags & O_TRUNC) == 0);
}

/* Mode, owner, times, attributes, length, or one more link. */
static long prepare_change(struct slot *slot)
{
	struct walk *walk = &slot->walk;
	struct stat status;
	long error;

	if (walk->bind != NULL || (walk->mask & 1) != 0)
		return 0;
	error = change_status(slot, &status);
	if (error < 0)
		return error;
	/* Whom it does not belong to the kernel refuses most of it, and truncate(2) by the mode. */
	if (!change_is_free() && sys_getuid() != 0 && status.st_uid != (unsigned)sys_getuid() &&
		check_file(slot) < 0)
		return 0;
	return change_copy_up(slot, true);
}

/*
 * A link of /proc that only the kernel can follow may lead to a lower layer all the same. 1 when it
 * does, and slot->walk tells where; 0 when it is to be followed, and slot->walk is as it was.
 */
static long leave_proc(struct slot *slot)
{
	char link[PATH_BYTES];
	long found;

	if (slot->walk.host.length >= sizeof(link))
		return -ENAMETOOLONG;
	memcpy(link, slot->walk.host.at, slot->walk.host.length + 1);
	found = walk_to_link(slot, link);
	if (found == 0) {
		text_clear(&slot->walk.host);
		text_add(&slot->walk.host, link);
		slot->walk.magic = true;
	}
	return found;
}

long overlay_prepare(struct slot *slot, const struct rule_path *path, long error)
{
	bool makes = path->follow == FOLLOW_NAME;

	if (!effects_change(path->effect))
		return error;
	if (error == -ENOENT && slot->walk.reserved && makes)
		return -EPERM;
	if (error == 0 && slot->walk.magic && !makes) {
		error = leave_proc(slot);
		if (error == 0)
			return 0;
	}
	if (error < 0)
		return error;
	return makes ? overlay_prepare_name(slot) : prepare_change(slot);
}

long overlay_open(struct slot *slot, unsigned long flags, long error)
{
	if (error == -ENOENT && slot->walk.reserved && (flags & O_CREAT) != 0)
		return -EPERM;
	if (error == 0 && slot->walk.magic) {
		if (!effects_open_writes(flags))
			return 0;
		error = leave_proc(slot);
		if (error == 0)
			return 0;
	}
	return error < 0 ? error : overlay_prepare_open(slot, flags);
}

long overlay_prepare_descriptor(struct slot *slot, const struct rule_path *path, struct text *host)
{
	long found;

	if (!effects_change(path->effect) || path->directory == RULE_NONE ||
		path->follow == FOLLOW_NAME)
		return 0;
	found = walk_to_descriptor(slot, (int)slot->argument[path->directory]);
	if (found > 0)
		found = prepare_change(slot);
	else
		return found;
	if (found < 0)
		return found;
	text_add_bytes(host, slot->walk.host.at, slot->walk.host.length);
	if (host->length >= PATH_BYTES)
		return -ENAMETOOLONG;
	slot->argument[path->directory] = (unsigned long)AT_FDCWD;
	slot->argument[path->path] = (unsigned long)host->at;
	return 0;
}

/*
 * A call on a descriptor becomes the same call on a path when that of a lower layer is meant: 1
 * then, with the path in slot->walk.host.
 */
static long redirect(struct slot *slot)
{
	long found;
	long error;

	found = walk_to_descriptor(slot, (int)slot->argument[0]);
	if (found <= 0)
		return found;
	error = prepare_change(slot);
	return error < 0 ? error : 1;
}

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/*
 * NUMBER(descriptor, a, ...) becomes the same on a path. Of a file that is only open, not in the
 * guest any more, nobody will see the change that the kernel is not asked for.
 */
static enum slot_action by_path(struct slot *slot, unsigned long number, bool at,
	rows_function otherwise, rows_function then)
{
	long found = redirect(slot);

	if (found == -EROFS)
		return answer(slot, 0);
	if (found < 0)
		return answer(slot, found);
	if (found == 0)
		return otherwise(slot);
	slot->number = number;
	if (at) {
		memmove(&slot->argument[2], &slot->argument[1], 2 * sizeof(slot->argument[0]));
		slot->argument[0] = (unsigned long)AT_FDCWD;
		slot->argument[4] = AT_SYMLINK_NOFOLLOW;
	}
	slot->argument[at ? 1 : 0] = (unsigned long)slot->walk.host.at;
	return then(slot);
}

enum slot_action overlay_fsetxattr(struct slot *slot)
{
	return by_path(slot, __NR_lsetxattr, false, attributes_name, attributes_name);
}

enum slot_action overlay_fremovexattr(struct slot *slot)
{
	return by_path(slot, __NR_lremovexattr, false, attributes_name, attributes_name);
}

enum slot_action overlay_fchmod(struct slot *slot)
{
	return by_path(slot, __NR_fchmodat, true, ownership_chmod, ownership_chmod_at);
}

enum slot_action overlay_fchown(struct slot *slot)
{
	return by_path(slot, __NR_fchownat, true, ownership_chown, ownership_chown_at);
}

/* All of an overlay is on the upper directory's file system. */
enum slot_action overlay_statfs(struct slot *slot)
{
	if (slot->argument[0] != slot->original[0] && slot->walk.bind == NULL &&
		slot->walk.mask != 0)
		slot->argument[0] = (unsigned long)engine.view.root;
	return SLOT_RUN;
}

/* May this process write there, by mode and owner alone? */
static bool may_write(const struct stat *status)
{
	unsigned mode = status->st_mode;

	if (sys_getuid() == 0 || change_is_free())
		return true;
	if (status->st_uid == (unsigned)sys_getuid())
		return (mode & 0200) != 0;
	return (mode & (status->st_gid == (unsigned)sys_getgid() ? 0020 : 0002)) != 0;
}

/* access(2) of a lower layer that is mounted read-only must not say so. */
static enum slot_action access_path(struct slot *slot, size_t path)
{
	unsigned long mode = slot->argument[path + 1];
	struct stat status;

	if (slot->argument[path] == slot->original[path] || (mode & ACCESS_WRITE) == 0 ||
		slot->walk.bind != NULL || slot->walk.mask == 0 || (slot->walk.mask & 1) != 0)
		return SLOT_RUN;
	if (change_status(slot, &status) == 0 && may_write(&status))
		slot->argument[path + 1] = mode & ~(unsigned long)ACCESS_WRITE;
	return SLOT_RUN;
}

enum slot_action overlay_access(struct slot *slot)
{
	return access_path(slot, 0);
}

enum slot_action overlay_faccessat(struct slot *slot)
{
	return access_path(slot, 1);
}
