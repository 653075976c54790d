#include "intercept/effects.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/sys.h"
#include "intercept/engine.h"

/* The kernel refuses such a name, each call in its own words, and does nothing. */
static bool ends_in_dots(const struct walk *walk)
{
	return walk->host.length > 1 && walk->host.at[walk->host.length - 1] == '.' &&
	       (walk->host.at[walk->host.length - 2] == '/' ||
		       walk->host.at[walk->host.length - 2] == '.');
}

bool effects_open_writes(unsigned long flags)
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
	const struct walk *walk, const struct rule_path *path, unsigned long flags)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, walk->host.at, &status, AT_SYMLINK_NOFOLLOW);

	if (path->effect == EFFECT_OPEN)
		return open_read_only(flags, error, status.st_mode);
	if (path->effect == EFFECT_REMOVE)
		return -EROFS;
	if (path->follow == FOLLOW_NAME)
		return error == 0 ? -EEXIST : -EROFS;
	return error < 0 ? error : -EROFS;
}

long effects_check(const struct walk *walk, const struct rule_path *path, unsigned long flags)
{
	switch ((enum rule_effect)path->effect) {
	case EFFECT_REMOVE:
		if (ends_in_dots(walk))
			return 0;
		if (view_is_mount_point(&engine.view, walk->guest.at, walk->guest.length) ||
			walk->guest.length == 1)
			return -EBUSY;
		break;
	case EFFECT_OPEN:
		if (!effects_open_writes(flags))
			return 0;
		break;
	case EFFECT_WRITE:
	case EFFECT_LINK:
		break;
	case EFFECT_READ:
	case EFFECT_ENTER:
	default:
		return 0;
	}
	return walk->read_only ? check_read_only(walk, path, flags) : 0;
}
