#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/translate.h"
#include "overlay/copy.h"
#include "rules/calls.h"

/*
 * Hard links on a host that refuses them: Android's rules do, and some file systems. With
 * --copy-links a copy stands for the link, so that whoever links and then replaces the old name
 * (dpkg, editors, package managers) gets on; who writes through one of the two names does not
 * change the other.
 */

static bool is_refusal(long result)
{
	return result == -EPERM || result == -EACCES || result == -EMLINK || result == -EOPNOTSUPP;
}

/* The place in one path, which names the same wherever it is used from. */
static long join(const struct place *place, char *bytes, size_t size)
{
	struct text path = text_in(bytes, size);
	size_t before;
	long length;

	if (place->directory != AT_FDCWD) {
		text_add(&path, "/proc/self/fd/");
		text_add_number(&path, place->directory);
		text_add(&path, "/");
	}
	before = path.length;
	length = guarded_copy_string(bytes + before, place->path, size - before);
	if (length < 0)
		return length;
	/* The file of a descriptor has no name that could be opened without following it. */
	if (length == 0)
		return -ENOENT;
	if ((size_t)length >= size - before)
		return -ENAMETOOLONG;
	if (bytes[before] == '/')
		memmove(bytes, bytes + before, (size_t)length + 1);
	return 0;
}

static long copy(struct slot *slot)
{
	struct place from = ownership_place(slot, 0);
	struct place to = ownership_place(slot, 1);
	char *source = slot->bytes;
	char *target = slot->path;
	struct ownership owner;
	struct stat status;
	bool owned = engine.identity.given && ownership_look(&from, &owner) == 0;
	long error = join(&from, source, sizeof(slot->bytes));

	if (error == 0)
		error = join(&to, target, sizeof(slot->path));
	if (error == 0)
		error = sys_fstatat(AT_FDCWD, source, &status, AT_SYMLINK_NOFOLLOW);
	/* No directory has two names. */
	if (error == 0 && (status.st_mode & S_IFMT) == S_IFDIR)
		error = -EPERM;
	if (error == 0)
		error = copy_object(source, target, &status, true);
	if (error == 0 && owned) {
		struct ownership copied;

		/* The link is there; only who owns it may be forgotten, as where the table is full.
		 */
		if (ownership_look(&to, &copied) == 0)
			(void)ownership_give(&to, &copied, owner.user, owner.group);
	}
	return error;
}

static enum slot_action leave_link(struct slot *slot)
{
	if (is_refusal(slot->result)) {
		long error = copy(slot);

		/* Where that cannot be either, the kernel's answer is the one to give. */
		if (error == 0 || error == -EEXIST)
			slot->result = error;
	}
	return SLOT_DONE;
}

enum slot_action links_link(struct slot *slot)
{
	enum slot_action action = translate_call(slot, rule_of(slot->number));

	if (action != SLOT_RUN || !engine.custom.copies_links)
		return action;
	/* Where something has to be given back afterwards, the rest comes before that. */
	if (slot->leave != NULL)
		slot->after = leave_link;
	else
		slot->leave = leave_link;
	return SLOT_RUN;
}
