#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/xattr.h>

#include "base/mem.h"
#include "base/text.h"
#include "guest/identity.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"
#include "syscall.h"

/*
 * Extended attributes that only root may set: file capabilities ("security.") and "trusted." ones.
 * The real user may not, so they are kept on the file itself, as "user.coracle.NAME", and shown by
 * their own names. Unpacking in Java does the same.
 */

/* The kernel's own limit, with the NUL. */
enum { NAME_MOST = 256 };

static const char kept_prefix[] = "user.coracle.";

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

static bool is_trusted(const char *name)
{
	return text_starts(name, XATTR_TRUSTED_PREFIX);
}

/* May the guest change this one, which is root's? */
static bool may_change(const char *name)
{
	if (strcmp(name, XATTR_NAME_CAPS) == 0)
		return identity_may(CAP_SETFCAP);
	return (is_trusted(name) || text_starts(name, XATTR_SECURITY_PREFIX)) &&
	       identity_may(CAP_SYS_ADMIN);
}

/* May the guest read it? */
static bool may_read(const char *name)
{
	return is_trusted(name) ? identity_may(CAP_SYS_ADMIN)
				: text_starts(name, XATTR_SECURITY_PREFIX);
}

/* Puts the kept name of the attribute that argument `at` names into slot->path, which is free. */
static bool read_name(struct slot *slot, size_t at)
{
	size_t prefix = sizeof(kept_prefix) - 1;
	long length;

	memcpy(slot->path, kept_prefix, sizeof(kept_prefix));
	length = guarded_copy_string(
		slot->path + prefix, (const char *)slot->argument[at], NAME_MOST);
	return length > 0 && length < NAME_MOST;
}

static const char *own_name(const struct slot *slot)
{
	return slot->path + sizeof(kept_prefix) - 1;
}

static enum slot_action change(struct slot *slot, size_t at)
{
	if (!engine.identity.given || ownership_is_real() || !read_name(slot, at) ||
		!may_change(own_name(slot)))
		return SLOT_RUN;
	slot->argument[at] = (unsigned long)slot->path;
	return SLOT_RUN;
}

enum slot_action attributes_name(struct slot *slot)
{
	return change(slot, 1);
}

enum slot_action attributes_name_at(struct slot *slot)
{
	return change(slot, 3);
}

static long repeat(struct slot *slot)
{
	return raw_syscall((long)slot->number, (long)slot->argument[0], (long)slot->argument[1],
		(long)slot->argument[2], (long)slot->argument[3], (long)slot->argument[4],
		(long)slot->argument[5]);
}

/* The host has no such attribute; perhaps it is kept under the other name. */
static enum slot_action leave_get(struct slot *slot, size_t at)
{
	long result;

	if (slot->result != -ENODATA || !read_name(slot, at) || !may_read(own_name(slot)))
		return SLOT_DONE;
	slot->argument[at] = (unsigned long)slot->path;
	result = repeat(slot);
	if (result >= 0 || result == -ERANGE)
		slot->result = result;
	return SLOT_DONE;
}

static enum slot_action leave_get1(struct slot *slot)
{
	return leave_get(slot, 1);
}

static enum slot_action leave_get3(struct slot *slot)
{
	return leave_get(slot, 3);
}

enum slot_action attributes_get(struct slot *slot)
{
	if (engine.identity.given)
		slot->leave = leave_get1;
	return SLOT_RUN;
}

enum slot_action attributes_get_at(struct slot *slot)
{
	slot->leave = leave_get3;
	return SLOT_RUN;
}

/* Turns kept names in a list back into their own, in place. The new length. */
static size_t show_names(char *list, size_t length)
{
	size_t to = 0;

	for (size_t at = 0; at < length;) {
		size_t name = at;
		size_t size;

		if (text_starts(list + at, kept_prefix))
			name += sizeof(kept_prefix) - 1;
		size = strlen(list + name) + 1;
		at = name + size;
		if (is_trusted(list + name) && !identity_may(CAP_SYS_ADMIN))
			continue;
		memmove(list + to, list + name, size);
		to += size;
	}
	return to;
}

static enum slot_action list(struct slot *slot, size_t at)
{
	unsigned long buffer = slot->argument[at];
	size_t size = slot->argument[at + 1];
	size_t shown;
	long length;

	if (!engine.identity.given)
		return SLOT_RUN;
	slot->argument[at] = (unsigned long)slot->bytes;
	slot->argument[at + 1] = sizeof(slot->bytes);
	length = repeat(slot);
	slot->argument[at] = buffer;
	slot->argument[at + 1] = size;
	/* Longer lists than fit here are shown as they are. */
	if (length == -ERANGE)
		return SLOT_RUN;
	if (length < 0)
		return answer(slot, length);
	shown = show_names(slot->bytes, (size_t)length);
	if (size > 0 && size < shown)
		return answer(slot, -ERANGE);
	if (size > 0 && guarded_copy((void *)buffer, slot->bytes, shown) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, (long)shown);
}

enum slot_action attributes_list(struct slot *slot)
{
	return list(slot, 1);
}

enum slot_action attributes_list_at(struct slot *slot)
{
	return list(slot, 3);
}
