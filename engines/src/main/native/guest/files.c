#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/devices.h"
#include "guest/here.h"
#include "guest/near.h"
#include "guest/proc.h"
#include "intercept/changes.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "path/layers.h"
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

/* Links that appear while one looks make a walk begin again; an attacker may do nothing else. */
enum { TRIES_MOST = 32 };

/* The link itself as a descriptor, reached through no other. -EINVAL: there is no way to be so
 * sure, or it is one of /proc. */
static long hold_link(struct slot *slot, int directory)
{
	long held = -ELOOP;

	for (int i = 0; i < TRIES_MOST && held == -ELOOP; i++) {
		held = paths_walk(slot, directory, WALK_LINK);
		if (held == 0)
			held = slot->walk.through_proc || slot->walk.missing
				       ? -EINVAL
				       : sys_open_no_links(AT_FDCWD, slot->walk.host.at,
						 O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (held < 0 && slot->walk.links > PATH_LINKS_MOST)
			break;
	}
	return sys_is_out_of_reach(held) ? -EINVAL : held;
}

/* Of the link that was found, the text; of another, if somebody has changed the way to it
 * meanwhile, just that. */
static long ask_link(struct slot *slot, int directory, struct text *target)
{
	char *into = target->at;
	long held;
	long length = 0;

	if (slot->steady) {
		length = sys_readlinkat(AT_FDCWD, near_host(slot), into, target->capacity - 1);
		if (changes_none_since(slot->links_state) && near_held(slot))
			return length;
	}
	held = hold_link(slot, directory);
	if (held == -EINVAL)
		return sys_readlinkat(AT_FDCWD, slot->walk.host.at, into, target->capacity - 1);
	if (held < 0)
		return held;
	length = sys_readlinkat((int)held, "", into, target->capacity - 1);
	sys_close((int)held);
	/* What an empty path says of a descriptor that is no link. */
	return length == -ENOENT ? -EINVAL : length;
}

static long read_link(
	struct slot *slot, int directory, unsigned long path, unsigned long buffer, long size)
{
	struct text target = text_in(slot->bytes, sizeof(slot->bytes));
	long length;

	if (size <= 0)
		return -EINVAL;
	length = paths_read(slot, path);
	if (length < 0)
		return length;
	/* An empty path means the descriptor, which must itself be an opened link. */
	if (length == 0) {
		length = opened_link(slot, directory, &target);
		if (length != -EINVAL)
			return length < 0 ? length : give_text(&target, buffer, (size_t)size);
	}
	if (length == -EINVAL || strcmp(slot->path, ".") == 0)
		return raw_syscall(
			__NR_readlinkat, directory, (long)path, (long)buffer, size, 0, 0);
	length = paths_walk(slot, directory, WALK_LINK);
	if (length < 0)
		return length;
	if (slot->walk.missing)
		length = devices_missing_link(slot->walk.guest.at, &target);
	else
		length = proc_link_text(&engine.view, slot->walk.host.at, &target);
	if (length != -EINVAL)
		return length < 0 ? length : give_text(&target, buffer, (size_t)size);
	length = ask_link(slot, directory, &target);
	if (length < 0)
		return length;
	target.length = (size_t)length;
	return give_text(&target, buffer, (size_t)size);
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

static long ask_where(struct slot *slot, struct text *guest)
{
	struct here_moment moment;
	bool keeps = here_begin(&moment);
	long error = paths_base(AT_FDCWD, guest);

	/* A lower directory that the guest has removed is still there for the kernel. */
	if (error == 0 && engine.view.upper &&
		layers_find(&slot->walk, &engine.view, &paths_host, guest->at, guest->length) == 0)
		return -ENOENT;
	if (error == 0 && keeps)
		here_keep(&moment, guest);
	return error;
}

enum slot_action files_getcwd(struct slot *slot)
{
	struct text guest = text_in(slot->bytes, sizeof(slot->bytes));
	long error = here_find(&guest) ? 0 : ask_where(slot, &guest);

	if (error < 0)
		return answer(slot, error);
	/* The kernel counts and gives the NUL. */
	if (slot->argument[1] < guest.length + 1)
		return answer(slot, -ERANGE);
	if (guarded_copy((void *)slot->argument[0], guest.at, guest.length + 1) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, (long)guest.length + 1);
}
