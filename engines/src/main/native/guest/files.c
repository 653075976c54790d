#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/ownership.h"
#include "guest/devices.h"
#include "guest/proc.h"
#include "guest/served.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "overlay/overlay.h"
#include "path/layers.h"
#include "machine.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/* File calls that a row of rules.def cannot describe: their answers hold paths, or their flags do.
 */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Gives up to `size` bytes of text to the guest, without a NUL, as readlink(2) does. */
static long give_text(const struct text *text, unsigned long buffer, size_t size)
{
	size_t length = text->length < size ? text->length : size;

	if (guarded_copy((void *)buffer, text->at, length) < 0)
		return -EFAULT;
	return (long)length;
}

/* A descriptor of an opened link (O_PATH | O_NOFOLLOW), which may be one of /proc. */
static long opened_link(struct slot *slot, int descriptor, struct text *target)
{
	char *host = slot->walk.host_bytes;
	long length = proc_read_descriptor(descriptor, host, PATH_BYTES - 1);

	if (length < 0)
		return -EINVAL;
	host[length] = '\0';
	return proc_link_text(&engine.view, host, target);
}

static long read_link(
	struct slot *slot, int directory, unsigned long path, unsigned long buffer, long size)
{
	struct text target = text_in(slot->bytes, sizeof(slot->bytes));
	long length = paths_read(slot, path);

	if (length < 0)
		return length;
	if (size <= 0)
		return -EINVAL;
	if (length == 0) {
		/* An empty path means the descriptor, which must itself be an opened link. */
		length = opened_link(slot, directory, &target);
		if (length == -EINVAL)
			return raw_syscall(
				__NR_readlinkat, directory, (long)path, (long)buffer, size, 0, 0);
		return length < 0 ? length : give_text(&target, buffer, (size_t)size);
	}
	length = paths_walk(slot, directory, WALK_LINK);
	if (length < 0)
		return length;
	if (slot->walk.missing)
		length = devices_missing_link(slot->walk.guest.at, &target);
	else
		length = proc_link_text(&engine.view, slot->walk.host.at, &target);
	if (length != -EINVAL)
		return length < 0 ? length : give_text(&target, buffer, (size_t)size);
	return raw_syscall(
		__NR_readlinkat, AT_FDCWD, (long)slot->walk.host.at, (long)buffer, size, 0, 0);
}

enum slot_action files_readlink(struct slot *slot)
{
	return answer(slot, read_link(slot, AT_FDCWD, slot->argument[0], slot->argument[1],
				    (int)slot->argument[2]));
}

enum slot_action files_readlinkat(struct slot *slot)
{
	return answer(slot, read_link(slot, (int)slot->argument[0], slot->argument[1],
				    slot->argument[2], (int)slot->argument[3]));
}

enum slot_action files_getcwd(struct slot *slot)
{
	struct text guest = text_in(slot->bytes, sizeof(slot->bytes));
	long error = paths_base(AT_FDCWD, &guest);

	/* A lower directory that the guest has removed is still there for the kernel. */
	if (error == 0 && engine.view.upper &&
		layers_find(&slot->walk, &engine.view, &paths_host, guest.at, guest.length) == 0)
		error = -ENOENT;
	if (error < 0)
		return answer(slot, error);
	/* The kernel counts and gives the NUL. */
	if (slot->argument[1] < guest.length + 1)
		return answer(slot, -ERANGE);
	if (guarded_copy((void *)slot->argument[0], guest.at, guest.length + 1) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, (long)guest.length + 1);
}

/* What a younger program may ask for in a larger structure, and this engine does not know of. */
static long check_zero(unsigned long at, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte;

		if (guarded_copy(&byte, (const void *)(at + i), 1) < 0)
			return -EFAULT;
		if (byte != 0)
			return -E2BIG;
	}
	return 0;
}

/*
 * openat2(2). With RESOLVE_BENEATH or RESOLVE_IN_ROOT the kernel cannot leave the directory it is
 * given, so it may resolve by itself.
 */
enum slot_action files_openat2(struct slot *slot)
{
	struct open_how *how = (struct open_how *)(void *)slot->note;
	bool follow;
	long error;

	_Static_assert(sizeof(struct open_how) <= sizeof(slot->note), "fits");
	/* The kernel knows best what is wrong with a size. */
	if (slot->argument[3] < sizeof(*how) || slot->argument[3] > MACHINE_PAGE)
		return SLOT_RUN;
	error = check_zero(slot->argument[2] + sizeof(*how), slot->argument[3] - sizeof(*how));
	if (error < 0)
		return answer(slot, error);
	if (guarded_copy(how, (const void *)slot->argument[2], sizeof(*how)) < 0)
		return answer(slot, -EFAULT);
	/* In an overlay it cannot, for that directory is only a part; programs then do without. */
	if ((how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) != 0 && engine.view.upper)
		return answer(slot, -ENOSYS);
	slot->leave = served_leave;
	if ((how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) != 0)
		return engine.identity.given ? ownership_openat2(slot, how->flags) : SLOT_RUN;
	error = paths_read(slot, slot->argument[1]);
	if (error <= 0)
		return error < 0 ? answer(slot, error) : SLOT_RUN;
	follow = (how->flags & O_NOFOLLOW) == 0 &&
		 (how->flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
	error = paths_walk(slot, (int)slot->argument[0], follow ? WALK_FOLLOW : WALK_LINK);
	if (error < 0)
		return answer(slot, error);
	if ((how->resolve & RESOLVE_NO_SYMLINKS) != 0 && slot->walk.links > 0)
		return answer(slot, -ELOOP);
	if (slot->walk.read_only && (how->flags & (O_ACCMODE | O_CREAT | O_TRUNC)) != 0)
		return answer(slot, -EROFS);
	if (engine.view.upper)
		error = overlay_open(slot, how->flags, 0);
	if (error < 0)
		return answer(slot, error);
	/* The way to the tree may cross mounts of the host that the guest knows nothing of. */
	how->resolve &= ~(unsigned long long)(RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
	/* All links have been followed; one that appears now must not be. */
	if (!slot->walk.magic)
		how->resolve |= RESOLVE_NO_SYMLINKS;
	slot->argument[0] = (unsigned long)AT_FDCWD;
	slot->argument[1] = (unsigned long)slot->walk.host.at;
	slot->argument[2] = (unsigned long)how;
	slot->argument[3] = sizeof(*how);
	if (served_may_open(slot->walk.host.at))
		return SLOT_RUN;
	slot->leave = NULL;
	return ownership_openat2(slot, how->flags);
}
