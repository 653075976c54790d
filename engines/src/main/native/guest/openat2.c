#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/ownership.h"
#include "guest/served.h"
#include "intercept/effects.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "intercept/refusal.h"
#include "intercept/translate.h"
#include "machine.h"
#include "overlay/overlay.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/* Calls that open a place with more wishes than open(2) knows. */

static const struct rule_path openat2_paths[2] = {
	{0, 1, RULE_NONE, FOLLOW_ALWAYS, EFFECT_OPEN}, {.path = RULE_NONE}};
/* One or the other. */
enum { INSIDE = RESOLVE_BENEATH | RESOLVE_IN_ROOT };

enum { KEPT_BY_WALK = INSIDE | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS };

static enum slot_action refuse(struct slot *slot, const struct rule_path paths[2], long error)
{
	slot->result = refusal_answer(slot, paths, error);
	return SLOT_DONE;
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

static bool ends_in_slash(const char *path)
{
	size_t length = strlen(path);

	return length > 0 && path[length - 1] == '/';
}

static enum walk_end end_of(const struct slot *slot, unsigned long long flags)
{
	if ((flags & O_CREAT) != 0 && ends_in_slash(slot->path))
		return WALK_NAME;
	if ((flags & O_NOFOLLOW) != 0 || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return WALK_LINK;
	return WALK_FOLLOW;
}

/* The walk itself keeps what it was asked to keep, for its binds are unknown to the kernel. */
static long walk_within(struct slot *slot, const struct open_how *how)
{
	unsigned long long resolve = how->resolve;
	long error;

	slot->walk.limits = (struct walk_limits){
		.no_links = (resolve & RESOLVE_NO_SYMLINKS) != 0,
		.no_magic_links = (resolve & RESOLVE_NO_MAGICLINKS) != 0,
		.no_crossing = (resolve & RESOLVE_NO_XDEV) != 0,
		.beneath = (resolve & RESOLVE_BENEATH) != 0,
		.in_root = (resolve & RESOLVE_IN_ROOT) != 0,
	};
	error = paths_walk(slot, (int)slot->argument[0], end_of(slot, how->flags));
	slot->walk.limits = (struct walk_limits){0};
	return error;
}

static long read_how(const struct slot *slot, struct open_how *how)
{
	long error = check_zero(slot->argument[2] + sizeof(*how), slot->argument[3] - sizeof(*how));

	if (error == 0 && guarded_copy(how, (const void *)slot->argument[2], sizeof(*how)) < 0)
		error = -EFAULT;
	return error;
}

/* With the structure as it was read, and nothing in it that the path in place of the bad one meets.
 */
static enum slot_action refuse_openat2(struct slot *slot, struct open_how *how, long error)
{
	how->resolve &= ~(unsigned long long)KEPT_BY_WALK;
	slot->argument[2] = (unsigned long)how;
	slot->argument[3] = sizeof(*how);
	return refuse(slot, openat2_paths, error);
}

enum slot_action files_openat2(struct slot *slot)
{
	struct open_how *how = (struct open_how *)(void *)slot->note;
	long error;

	_Static_assert(sizeof(struct open_how) <= sizeof(slot->note), "fits");
	/* The kernel knows best what is wrong with a size. */
	if (slot->argument[3] < sizeof(*how) || slot->argument[3] > MACHINE_PAGE)
		return SLOT_RUN;
	error = read_how(slot, how);
	if (error < 0)
		return refuse(slot, openat2_paths, error);
	if ((how->resolve & INSIDE) == INSIDE)
		return refuse_openat2(slot, how, -EINVAL);
	error = paths_read(slot, slot->argument[1]);
	if (error == 0 || (error > 0 && strcmp(slot->path, ".") == 0)) {
		slot->leave = served_leave;
		return SLOT_RUN;
	}
	if (error > 0)
		error = walk_within(slot, how);
	/* Inside of a directory that is gone there is no way for the kernel to lose itself. */
	if (error == -ESTALE)
		return SLOT_RUN;
	if (error == 0)
		error = effects_check(&slot->walk, &openat2_paths[0], how->flags);
	if (engine.view.upper)
		error = overlay_open(slot, how->flags, error);
	if (error < 0)
		return refuse_openat2(slot, how, error);
	/* A link that only the kernel can follow is still in the path. */
	if ((how->resolve & (INSIDE | RESOLVE_NO_SYMLINKS)) != 0)
		how->resolve |= RESOLVE_NO_MAGICLINKS;
	/* The way to the tree may cross mounts of the host that the guest knows nothing of. */
	how->resolve &= ~(unsigned long long)KEPT_BY_WALK;
	/* All links have been followed; one that appears now must not be. */
	if (!slot->walk.magic)
		how->resolve |= RESOLVE_NO_SYMLINKS;
	slot->argument[0] = (unsigned long)AT_FDCWD;
	slot->argument[1] = (unsigned long)slot->walk.host.at;
	slot->argument[2] = (unsigned long)how;
	slot->argument[3] = sizeof(*how);
	slot->leave = served_leave;
	if (served_may_open(slot->walk.host.at))
		return SLOT_RUN;
	slot->leave = NULL;
	return ownership_openat2(slot, how->flags);
}

/* Without OPEN_TREE_CLONE it gives an O_PATH descriptor, to whoever asks. */
enum slot_action files_open_tree(struct slot *slot)
{
	if ((slot->argument[2] & OPEN_TREE_CLONE) == 0)
		return translate_call(slot, rule_of(__NR_open_tree));
	slot->result = -EPERM;
	return SLOT_DONE;
}
