#include "intercept/effects.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/sys.h"
#include "intercept/engine.h"

enum { ACCESS_WRITE = 2 };

static bool ends_in_slash(const struct text *host)
{
	return host->length > 1 && host->at[host->length - 1] == '/';
}

/* The kernel refuses such a name, each call in its own words, and does nothing. */
static bool ends_in_dots(const struct text *host)
{
	return host->length > 1 && host->at[host->length - 1] == '.' &&
	       (host->at[host->length - 2] == '/' || host->at[host->length - 2] == '.');
}

static bool is_kind(const struct stat *status, unsigned kind)
{
	return (status->st_mode & S_IFMT) == kind;
}

bool effects_open_writes(unsigned long flags)
{
	if ((flags & O_PATH) != 0)
		return false;
	return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

bool effects_remove(unsigned effect)
{
	return effect == EFFECT_REMOVE || effect == EFFECT_UNLINK || effect == EFFECT_RMDIR;
}

bool effects_change(unsigned effect)
{
	return effect == EFFECT_WRITE || effect == EFFECT_SIZE || effect == EFFECT_MKDIR ||
	       effect == EFFECT_LINK || effect == EFFECT_SOURCE;
}

bool effects_change_links(unsigned effect)
{
	return effects_remove(effect) || effect == EFFECT_SOURCE || effect == EFFECT_LINK;
}

/*
 * 0 when the directory of a name is there, else what the kernel says. In trees that lie over each
 * other the walk has found it, in whatever layer.
 */
static long look_at_parent(const struct text *host)
{
	char bytes[PATH_BYTES];
	struct text parent = text_in(bytes, sizeof(bytes));
	size_t length = host->length;

	if (engine.view.upper || engine.view.points)
		return 0;
	while (length > 1 && host->at[length - 1] != '/')
		length--;
	text_add_bytes(&parent, host->at, length);
	return parent.overflow ? -ENAMETOOLONG : sys_faccessat2(AT_FDCWD, parent.at, 0, 0);
}

/* What the kernel says to open(2) on a read-only mount, where `error` says if the file is there. */
static long open_read_only(const struct walk *walk, unsigned long flags)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, walk->host.at, &status, AT_SYMLINK_NOFOLLOW);

	if ((flags & O_CREAT) != 0 && ends_in_slash(&walk->host))
		return -EISDIR;
	if (error == -ENOENT && (flags & O_CREAT) != 0 && look_at_parent(&walk->host) == 0)
		return -EROFS;
	if (error < 0)
		return error;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (is_kind(&status, S_IFDIR))
		return (flags & O_TMPFILE) == O_TMPFILE ? -EROFS : -EISDIR;
	if ((flags & O_DIRECTORY) != 0)
		return -ENOTDIR;
	/* Only files lie on the mount; devices, pipes and sockets are somewhere else. */
	if (!is_kind(&status, S_IFREG))
		return 0;
	return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0 ? -EROFS : 0;
}

/* Files and directories that could be written are not on this mount; devices and pipes may be. */
static long access_read_only(const struct walk *walk, unsigned long mode)
{
	struct stat status;
	long error = sys_faccessat2(AT_FDCWD, walk->host.at, (int)mode, 0);

	if (error == 0)
		error = sys_fstatat(AT_FDCWD, walk->host.at, &status, 0);
	if (error < 0)
		return error;
	return is_kind(&status, S_IFREG) || is_kind(&status, S_IFDIR) ? -EROFS : 0;
}

/*
 * Is a name there, without the slash behind it? 0, or what the kernel says; `*parent` tells the
 * same of the directory that the name would be in.
 */
static long look_at_name(const struct text *host, long *parent)
{
	char bytes[PATH_BYTES];
	struct text name = text_in(bytes, sizeof(bytes));
	struct stat status;
	size_t length = host->length - (ends_in_slash(host) ? 1 : 0);
	long error;

	text_add_bytes(&name, host->at, length);
	if (name.overflow)
		return -ENAMETOOLONG;
	error = sys_fstatat(AT_FDCWD, name.at, &status, AT_SYMLINK_NOFOLLOW);
	*parent = error == -ENOENT ? look_at_parent(&name) : 0;
	return error;
}

/* A name is made: with a slash behind it only a directory can be. (fs/namei.c, filename_create.) */
static long make_read_only(const struct text *host, bool directory)
{
	long parent = 0;
	long error = look_at_name(host, &parent);

	if (error == 0)
		return -EEXIST;
	if (error != -ENOENT || parent < 0)
		return error;
	return ends_in_slash(host) && !directory ? -ENOENT : -EROFS;
}

/* Taking away needs no look at what is there, only that it could be there. */
static long remove_read_only(const struct walk *walk)
{
	long parent = 0;
	long error = look_at_name(&walk->host, &parent);

	return error == -ENOTDIR || parent < 0 ? error : -EROFS;
}

static long check_read_only(
	const struct walk *walk, const struct rule_path *path, unsigned long flags)
{
	struct stat status;
	long error;

	if (path->effect == EFFECT_OPEN)
		return open_read_only(walk, flags);
	if (path->effect == EFFECT_ACCESS)
		return access_read_only(walk, flags);
	if (effects_remove(path->effect))
		return remove_read_only(walk);
	if (path->follow == FOLLOW_NAME)
		return make_read_only(&walk->host, path->effect == EFFECT_MKDIR);
	error = sys_fstatat(AT_FDCWD, walk->host.at, &status, AT_SYMLINK_NOFOLLOW);
	if (error == 0 && path->effect == EFFECT_SIZE && !is_kind(&status, S_IFREG))
		return is_kind(&status, S_IFDIR) ? -EISDIR : -EINVAL;
	return error < 0 ? error : -EROFS;
}

/* A mount point cannot be taken away, and what it is comes first. */
static long remove_mount_point(const struct walk *walk, bool directory)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, walk->host.at, &status, AT_SYMLINK_NOFOLLOW);

	if (error < 0)
		return error;
	if (directory && !is_kind(&status, S_IFDIR))
		return -ENOTDIR;
	return !directory && is_kind(&status, S_IFDIR) ? -EISDIR : -EBUSY;
}

static bool is_mount_point(const struct walk *walk)
{
	return view_is_mount_point(&engine.view, walk->guest.at, walk->guest.length);
}

long effects_check(const struct walk *walk, const struct rule_path *path, unsigned long flags)
{
	bool removes = path->effect == EFFECT_UNLINK || path->effect == EFFECT_RMDIR;

	switch ((enum rule_effect)path->effect) {
	case EFFECT_READ:
	case EFFECT_ENTER:
	case EFFECT_SOURCE:
		return 0;
	case EFFECT_UNLINK:
	case EFFECT_RMDIR:
	case EFFECT_REMOVE:
		if (ends_in_dots(&walk->host) || walk->guest.length == 1)
			return 0;
		break;
	case EFFECT_OPEN:
		if (!effects_open_writes(flags))
			return 0;
		break;
	case EFFECT_ACCESS:
		if ((flags & ACCESS_WRITE) == 0)
			return 0;
		break;
	case EFFECT_WRITE:
	case EFFECT_LINK:
	case EFFECT_MKDIR:
	case EFFECT_SIZE:
	default:
		break;
	}
	if (removes && is_mount_point(walk))
		return remove_mount_point(
			walk, path->effect == EFFECT_RMDIR || (flags & AT_REMOVEDIR) != 0);
	/* Of a name that is moved the other end matters too: effects_move(). */
	if (path->effect == EFFECT_REMOVE && (is_mount_point(walk) || walk->bind != NULL))
		return 0;
	return walk->read_only ? check_read_only(walk, path, flags) : 0;
}

struct effects_place effects_place_of(const struct walk *walk, const struct text *host)
{
	struct effects_place place = {.host = host,
		.bind = walk->bind,
		.parent = walk->bind,
		.mount_point = is_mount_point(walk),
		.in_proc = text_starts(walk->host.at, "/proc/")};
	size_t length = walk->guest.length;

	/* Dots are names in the directory that they stand behind. */
	if (!place.mount_point || ends_in_dots(host))
		return place;
	while (length > 1 && walk->guest.at[length - 1] != '/')
		length--;
	place.parent = view_bind_of(&engine.view, walk->guest.at, length > 1 ? length - 1 : 1);
	return place;
}

static bool is_read_only(const struct view_bind *bind)
{
	return bind != NULL && bind->read_only;
}

/* The directories of both names come first. */
static long find_directories(const struct effects_place *from, const struct effects_place *to)
{
	const struct text *hosts[2] = {from->host, to->host};

	for (size_t i = 0; i < 2; i++) {
		long parent = 0;
		long error = look_at_name(hosts[i], &parent);

		if (error == -ENOTDIR || parent < 0)
			return error;
	}
	return 0;
}

/* A name without the slash behind it. */
static long status_of_name(const struct text *host, struct stat *status)
{
	char bytes[PATH_BYTES];
	struct text name = text_in(bytes, sizeof(bytes));

	text_add_bytes(&name, host->at, host->length - (ends_in_slash(host) ? 1 : 0));
	return name.overflow ? -ENAMETOOLONG
			     : sys_fstatat(AT_FDCWD, name.at, status, AT_SYMLINK_NOFOLLOW);
}

/* One of the two is a mount point, which does not move; but other things may be wrong first. */
static long move_mount_point(const struct text *from, const struct text *to, unsigned long flags)
{
	struct stat old;
	struct stat new;
	long error = status_of_name(from, &old);
	long missing = status_of_name(to, &new);
	bool exchange = (flags & RENAME_EXCHANGE) != 0;

	if (error < 0 || (missing < 0 && (missing != -ENOENT || exchange)))
		return error < 0 ? error : missing;
	if ((flags & RENAME_NOREPLACE) != 0 && missing == 0)
		return -EEXIST;
	if (exchange && !is_kind(&new, S_IFDIR) && ends_in_slash(to))
		return -ENOTDIR;
	if (!is_kind(&old, S_IFDIR) && (ends_in_slash(from) || (!exchange && ends_in_slash(to))))
		return -ENOTDIR;
	if (missing < 0 || exchange)
		return -EBUSY;
	/* Nothing happens to one file that has both names. */
	if (old.st_dev == new.st_dev && old.st_ino == new.st_ino)
		return 0;
	if (is_kind(&old, S_IFDIR) != is_kind(&new, S_IFDIR))
		return is_kind(&old, S_IFDIR) ? -ENOTDIR : -EISDIR;
	return -EBUSY;
}

/* In the order of fs/namei.c: do_renameat2() and vfs_rename(). */
long effects_move(
	const struct effects_place *from, const struct effects_place *to, unsigned long flags)
{
	long error;

	if (from->parent != to->parent || is_read_only(from->parent)) {
		error = find_directories(from, to);
		if (error < 0 || from->parent != to->parent)
			return error < 0 ? error : -EXDEV;
	}
	if (ends_in_dots(from->host) || ends_in_dots(to->host) || from->host->length == 1 ||
		to->host->length == 1)
		return 0;
	if (is_read_only(from->parent))
		return -EROFS;
	if (!from->mount_point && !to->mount_point)
		return 0;
	return move_mount_point(from->host, to->host, flags);
}

/* What is linked is a file, what is made is a name: do_linkat(). */
long effects_link(const struct effects_place *from, const struct effects_place *to)
{
	struct stat status;
	long error;

	if (from->bind == to->parent && !to->mount_point)
		return 0;
	error = sys_fstatat(AT_FDCWD, from->host->at, &status, AT_SYMLINK_NOFOLLOW);
	if (error < 0)
		return error;
	if (to->host->length == 1 || ends_in_dots(to->host))
		return -EEXIST;
	error = make_read_only(to->host, false);
	if (error != -EROFS)
		return error;
	/* In /proc a name that is missing cannot even be looked up. */
	if (to->in_proc)
		return -ENOENT;
	return is_read_only(to->parent) ? -EROFS : -EXDEV;
}
