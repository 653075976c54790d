#include "intercept/paths.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/guarded.h"
#include "guest/proc.h"
#include "intercept/engine.h"

static long read_link(const char *host, char *buffer, size_t size)
{
	return sys_readlinkat(AT_FDCWD, host, buffer, size);
}

const struct walk_host paths_host = {.read_link = read_link, .read_magic_link = proc_magic_link};

long paths_read(struct slot *slot, unsigned long address)
{
	long length = guarded_copy_string(slot->path, (const char *)address, sizeof(slot->path));

	return length == (long)sizeof(slot->path) ? -ENAMETOOLONG : length;
}

/* What the kernel says behind the path of a directory that has been removed. */
static const char deleted_mark[] = " (deleted)";

static bool is_deleted(int directory, const char *host, size_t length)
{
	size_t mark = sizeof(deleted_mark) - 1;
	struct stat status;

	if (length <= mark || strcmp(host + length - mark, deleted_mark) != 0)
		return false;
	/* A name may just end so. */
	if (directory == AT_FDCWD)
		return sys_fstatat(AT_FDCWD, ".", &status, 0) < 0 || status.st_nlink == 0;
	return sys_fstatat(directory, "", &status, AT_EMPTY_PATH) < 0 || status.st_nlink == 0;
}

static long read_base(int directory, char *host, size_t size)
{
	long length;

	if (directory == AT_FDCWD) {
		/* getcwd(2) says only that it is gone, not where it was. */
		length = sys_getcwd(host, size);
		if (length != -ENOENT)
			return length > 0 ? length - 1 : length;
		return sys_readlinkat(AT_FDCWD, "/proc/self/cwd", host, size);
	}
	length = proc_read_descriptor(directory, host, size);
	return length == -ENOENT ? -EBADF : length;
}

/* Like paths_base(), and tells where a removed directory was. */
static long find_base(int directory, struct text *base, bool *deleted)
{
	char host[PATH_BYTES];
	long length = read_base(directory, host, sizeof(host) - 1);

	if (length < 0)
		return length;
	host[length] = '\0';
	if (host[0] != '/')
		return -ENOTDIR;
	*deleted = is_deleted(directory, host, (size_t)length);
	if (*deleted)
		length -= (long)sizeof(deleted_mark) - 1;
	return view_to_guest(&engine.view, host, (size_t)length, base);
}

long paths_base(int directory, struct text *base)
{
	bool deleted = false;
	long error = find_base(directory, base, &deleted);

	return error == 0 && deleted ? -ENOENT : error;
}

/* In a removed directory only the way up is left. Returns the path as seen from its parent. */
static const char *go_up_from_deleted(struct text *base, const char *path)
{
	size_t length = base->length;

	if (path[0] != '.' || path[1] != '.' || (path[2] != '/' && path[2] != '\0'))
		return NULL;
	while (length > 1 && base->at[length - 1] != '/')
		length--;
	text_cut(base, length > 1 ? length - 1 : 1);
	path += 2;
	while (*path == '/')
		path++;
	return *path == '\0' ? "." : path;
}

long paths_walk(struct slot *slot, int directory, enum walk_end end)
{
	struct text base = text_in(slot->bytes, sizeof(slot->bytes));
	const char *path = slot->path;
	bool deleted = false;
	long error = 0;

	if (path[0] != '/')
		error = find_base(directory, &base, &deleted);
	if (error < 0)
		return error;
	if (deleted)
		path = go_up_from_deleted(&base, path);
	if (path == NULL)
		return -ENOENT;
	return walk_path(&slot->walk, &engine.view, &paths_host, base.at, path, end);
}

static enum walk_end end_of(const struct slot *slot, const struct rule_path *path)
{
	unsigned long flags = path->flags == RULE_NONE ? 0 : slot->argument[path->flags];

	switch ((enum rule_follow)path->follow) {
	case FOLLOW_NEVER:
		return WALK_LINK;
	case FOLLOW_NAME:
		return WALK_NAME;
	case FOLLOW_UNLESS:
		return (flags & AT_SYMLINK_NOFOLLOW) == 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_IF:
		return (flags & AT_SYMLINK_FOLLOW) != 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_OPEN:
		return (flags & O_NOFOLLOW) != 0 ||
				       (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)
			       ? WALK_LINK
			       : WALK_FOLLOW;
	case FOLLOW_ALWAYS:
	default:
		return WALK_FOLLOW;
	}
}

/*
 * Links have been followed already. One that somebody puts there before the kernel looks must not
 * lead it out, so it is told not to follow, where a flag can tell it.
 */
static void stop_following(struct slot *slot, const struct rule_path *path)
{
	if (slot->walk.magic)
		return;
	if (path->follow == FOLLOW_UNLESS)
		slot->argument[path->flags] |= AT_SYMLINK_NOFOLLOW;
	if (path->follow == FOLLOW_IF)
		slot->argument[path->flags] &= ~(unsigned long)AT_SYMLINK_FOLLOW;
}

bool paths_stay(const struct slot *slot, enum walk_end end)
{
	const char *path = slot->path;
	size_t length = strlen(path);

	if (strcmp(path, ".") == 0)
		return true;
	if (end == WALK_FOLLOW || length > PATH_NAME_MOST || strcmp(path, "..") == 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (path[i] == '/')
			return false;
	}
	/* Something may be mounted there, or /proc may answer under that name. */
	return !view_has_mount_named(&engine.view, path, length);
}

/* The kernel refuses such a name, each call in its own words, and does nothing. */
static bool ends_in_dots(const struct walk *walk)
{
	return walk->host.length > 1 && walk->host.at[walk->host.length - 1] == '.' &&
	       (walk->host.at[walk->host.length - 2] == '/' ||
		       walk->host.at[walk->host.length - 2] == '.');
}

enum { CREAT_FLAGS = O_WRONLY | O_CREAT | O_TRUNC };

static bool wants_to_write(unsigned long flags)
{
	if ((flags & O_PATH) != 0)
		return false;
	return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

/* What the kernel says to open(2) on a read-only mount, where `error` says if the file is there. */
static long open_read_only(unsigned long flags, long error, unsigned mode)
{
	if (error < 0)
		return error == -ENOENT && (flags & O_CREAT) != 0 ? -EROFS : error;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if ((mode & S_IFMT) == S_IFDIR)
		return (flags & O_TMPFILE) == O_TMPFILE ? -EROFS : -EISDIR;
	/* Only files lie on the mount; devices, pipes and sockets are somewhere else. */
	if ((mode & S_IFMT) != S_IFREG)
		return 0;
	return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0 ? -EROFS : 0;
}

/* The path lies in a read-only bind. What is wrong besides comes first, as with the kernel. */
static long check_read_only(
	const struct slot *slot, const struct rule_path *path, unsigned long flags)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, slot->walk.host.at, &status, AT_SYMLINK_NOFOLLOW);

	if (path->effect == EFFECT_OPEN)
		return open_read_only(flags, error, status.st_mode);
	if (path->effect == EFFECT_REMOVE)
		return -EROFS;
	if (path->follow == FOLLOW_NAME)
		return error == 0 ? -EEXIST : -EROFS;
	return error < 0 ? error : -EROFS;
}

static long check_effect(const struct slot *slot, const struct rule_path *path)
{
	const struct walk *walk = &slot->walk;
	unsigned long flags = 0;

	switch ((enum rule_effect)path->effect) {
	case EFFECT_REMOVE:
		if (ends_in_dots(walk))
			return 0;
		if (view_is_mount_point(&engine.view, walk->guest.at, walk->guest.length) ||
			walk->guest.length == 1)
			return -EBUSY;
		break;
	case EFFECT_OPEN:
		flags = path->flags == RULE_NONE ? CREAT_FLAGS : slot->argument[path->flags];
		if (!wants_to_write(flags))
			return 0;
		break;
	case EFFECT_WRITE:
		break;
	case EFFECT_READ:
	default:
		return 0;
	}
	return walk->read_only ? check_read_only(slot, path, flags) : 0;
}

/* One path argument; its host path ends up in `host`. */
static long translate_one(struct slot *slot, const struct rule_path *path, struct text *host)
{
	int directory =
		path->directory == RULE_NONE ? AT_FDCWD : (int)slot->argument[path->directory];
	enum walk_end end = end_of(slot, path);
	bool guarded = path->effect != EFFECT_READ && view_has_read_only(&engine.view);
	long error;

	if (slot->argument[path->path] == 0)
		return 0;
	error = paths_read(slot, slot->argument[path->path]);
	if (error < 0)
		return error;
	/* An empty path means the descriptor itself, or an error that the kernel knows best. */
	if (slot->path[0] == '\0' || (!guarded && paths_stay(slot, end)))
		return 0;
	error = paths_walk(slot, directory, end);
	if (error == 0)
		error = check_effect(slot, path);
	if (error < 0)
		return error;
	if (slot->walk.host.length >= PATH_BYTES)
		return -ENAMETOOLONG;
	text_add_bytes(host, slot->walk.host.at, slot->walk.host.length);
	slot->argument[path->path] = (unsigned long)host->at;
	stop_following(slot, path);
	return 0;
}

long paths_translate(struct slot *slot, const struct rule_path paths[2])
{
	struct text first = text_in(slot->first_host, sizeof(slot->first_host));
	struct text second = text_in(slot->bytes, sizeof(slot->bytes));
	long error = translate_one(slot, &paths[0], &first);
	const struct view_bind *bind = slot->walk.bind;
	/* Where a link of /proc leads only the kernel knows. */
	bool resolved = error == -EROFS || (first.length > 0 && !slot->walk.magic);
	long second_error;

	if (paths[1].path == RULE_NONE || (error < 0 && error != -EROFS))
		return error;
	second_error = translate_one(slot, &paths[1], &second);
	/* Nothing can be moved or linked from one mount to another, writable or not. */
	if (resolved && (second_error == -EROFS || second.length > 0) && bind != slot->walk.bind)
		return -EXDEV;
	return error < 0 ? error : second_error;
}
