#include "guest/identity.h"

#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/securebits.h>

#include "base/sys.h"
#include "guest/owners.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"

/*
 * The uid and gid a guest believes in. The kernel's own rules (credentials(7), capabilities(7)) on
 * ids of our own; the real ones never change. They belong to the whole process: libc sets them for
 * all threads, as POSIX wants it. Without --user everything here is the kernel's.
 */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

void identity_start(void)
{
	struct identity *identity = &engine.identity;

	identity->real_user = (unsigned)sys_getuid();
	identity->real_group = (unsigned)sys_getgid();
	if (!identity->given)
		return;
	identity_begin(identity);
	/* Without it the guest's changes are accepted and forgotten. */
	if (identity->owners[0] != '\0')
		(void)owners_open(identity->owners);
}

bool identity_may(unsigned capability)
{
	return (engine.identity.capabilities.effective >> capability & 1) != 0;
}

bool identity_in_group(unsigned group)
{
	if (group == engine.identity.group.file)
		return true;
	for (size_t i = 0; i < engine.identity.group_count; i++) {
		if (engine.identity.groups[i] == group)
			return true;
	}
	return false;
}

void identity_put_aside(struct identity *copy)
{
	if (engine.identity.given)
		*copy = engine.identity;
}

void identity_take_back(const struct identity *copy)
{
	if (engine.identity.given)
		engine.identity = *copy;
}

static enum slot_action get_one(struct slot *slot, unsigned id)
{
	return engine.identity.given ? answer(slot, (long)id) : SLOT_RUN;
}

enum slot_action identity_get_user(struct slot *slot)
{
	return get_one(slot, engine.identity.user.first);
}

enum slot_action identity_get_group(struct slot *slot)
{
	return get_one(slot, engine.identity.group.first);
}

enum slot_action identity_get_effective_user(struct slot *slot)
{
	return get_one(slot, engine.identity.user.effective);
}

enum slot_action identity_get_effective_group(struct slot *slot)
{
	return get_one(slot, engine.identity.group.effective);
}

static enum slot_action give_three(struct slot *slot, const struct identity_ids *ids)
{
	const unsigned given[] = {ids->first, ids->effective, ids->saved};

	if (!engine.identity.given)
		return SLOT_RUN;
	for (size_t i = 0; i < 3; i++) {
		if (guarded_copy((void *)slot->argument[i], &given[i], sizeof(unsigned)) < 0)
			return answer(slot, -EFAULT);
	}
	return answer(slot, 0);
}

enum slot_action identity_get_three_users(struct slot *slot)
{
	return give_three(slot, &engine.identity.user);
}

enum slot_action identity_get_three_groups(struct slot *slot)
{
	return give_three(slot, &engine.identity.group);
}

static const unsigned as_it_is = ~0U;

/* Those that come with being root where files are concerned (CAP_FS_MASK of the kernel). */
static const unsigned long file_capabilities = 1UL << CAP_CHOWN | 1UL << CAP_DAC_OVERRIDE |
					       1UL << CAP_DAC_READ_SEARCH | 1UL << CAP_FOWNER |
					       1UL << CAP_FSETID | 1UL << CAP_LINUX_IMMUTABLE |
					       1UL << CAP_MKNOD | 1UL << CAP_MAC_OVERRIDE;

static bool has_root(const struct identity_ids *ids)
{
	return ids->first == 0 || ids->effective == 0 || ids->saved == 0;
}

/* capabilities(7), "Effect of user ID changes on capabilities". */
static void follow_users(const struct identity_ids *before)
{
	struct identity_capabilities *capabilities = &engine.identity.capabilities;
	const struct identity_ids *now = &engine.identity.user;

	if ((capabilities->secure_bits & SECBIT_NO_SETUID_FIXUP) != 0)
		return;
	if (has_root(before) && !has_root(now)) {
		if ((capabilities->secure_bits & SECBIT_KEEP_CAPS) == 0)
			capabilities->permitted = capabilities->effective = 0;
		capabilities->ambient = 0;
	}
	if (before->effective == 0 && now->effective != 0)
		capabilities->effective = 0;
	if (before->effective != 0 && now->effective == 0)
		capabilities->effective = capabilities->permitted;
}

/* One of the two kinds of ids, and the capability to change it at will. */
struct kind {
	struct identity_ids *ids;
	unsigned capability;
};

static struct kind users(void)
{
	return (struct kind){&engine.identity.user, CAP_SETUID};
}

static struct kind groups(void)
{
	return (struct kind){&engine.identity.group, CAP_SETGID};
}

static enum slot_action take(struct slot *slot, struct kind kind, const struct identity_ids *ids)
{
	struct identity_ids before = *kind.ids;

	*kind.ids = *ids;
	kind.ids->file = ids->effective;
	if (kind.capability == CAP_SETUID)
		follow_users(&before);
	return answer(slot, 0);
}

/* setuid(2): who may changes all three. */
static enum slot_action set_one(struct slot *slot, struct kind kind)
{
	struct identity_ids ids = *kind.ids;
	unsigned id = (unsigned)slot->argument[0];

	if (!engine.identity.given)
		return SLOT_RUN;
	if (id == as_it_is)
		return answer(slot, -EINVAL);
	if (identity_may(kind.capability))
		ids.first = ids.saved = id;
	else if (id != ids.first && id != ids.saved)
		return answer(slot, -EPERM);
	ids.effective = id;
	return take(slot, kind, &ids);
}

/* setreuid(2): the saved one follows the effective one, unless that stays the first. */
static enum slot_action set_two(struct slot *slot, struct kind kind)
{
	struct identity_ids ids = *kind.ids;
	unsigned first = (unsigned)slot->argument[0];
	unsigned effective = (unsigned)slot->argument[1];
	bool may = identity_may(kind.capability);

	if (!engine.identity.given)
		return SLOT_RUN;
	if (first != as_it_is && first != ids.first && first != ids.effective && !may)
		return answer(slot, -EPERM);
	if (effective != as_it_is && effective != ids.first && effective != ids.effective &&
		effective != ids.saved && !may)
		return answer(slot, -EPERM);
	if (effective != as_it_is)
		ids.effective = effective;
	if (first != as_it_is || (effective != as_it_is && effective != kind.ids->first))
		ids.saved = ids.effective;
	if (first != as_it_is)
		ids.first = first;
	return take(slot, kind, &ids);
}

static bool is_one_of(const struct identity_ids *ids, unsigned id)
{
	return id == as_it_is || id == ids->first || id == ids->effective || id == ids->saved;
}

/* setresuid(2) */
static enum slot_action set_three(struct slot *slot, struct kind kind)
{
	struct identity_ids ids = *kind.ids;
	unsigned *const to[] = {&ids.first, &ids.effective, &ids.saved};

	if (!engine.identity.given)
		return SLOT_RUN;
	for (size_t i = 0; i < 3; i++) {
		unsigned wanted = (unsigned)slot->argument[i];

		if (!is_one_of(kind.ids, wanted) && !identity_may(kind.capability))
			return answer(slot, -EPERM);
		if (wanted != as_it_is)
			*to[i] = wanted;
	}
	return take(slot, kind, &ids);
}

enum slot_action identity_set_user(struct slot *slot)
{
	return set_three(slot, users());
}

enum slot_action identity_set_group(struct slot *slot)
{
	return set_three(slot, groups());
}

enum slot_action identity_set_one_user(struct slot *slot)
{
	return set_one(slot, users());
}

enum slot_action identity_set_one_group(struct slot *slot)
{
	return set_one(slot, groups());
}

enum slot_action identity_set_two_users(struct slot *slot)
{
	return set_two(slot, users());
}

enum slot_action identity_set_two_groups(struct slot *slot)
{
	return set_two(slot, groups());
}

/* setfsuid(2) and setfsgid(2) answer with the id before and never fail. */
static enum slot_action set_file_id(struct slot *slot, struct kind kind)
{
	unsigned before = kind.ids->file;
	unsigned id = (unsigned)slot->argument[0];

	if (!engine.identity.given)
		return SLOT_RUN;
	if (id != as_it_is &&
		(is_one_of(kind.ids, id) || id == before || identity_may(kind.capability)))
		kind.ids->file = id;
	return answer(slot, (long)before);
}

enum slot_action identity_set_file_user(struct slot *slot)
{
	struct identity_capabilities *capabilities = &engine.identity.capabilities;
	unsigned before = engine.identity.user.file;
	enum slot_action action = set_file_id(slot, users());
	unsigned now = engine.identity.user.file;

	if ((capabilities->secure_bits & SECBIT_NO_SETUID_FIXUP) != 0)
		return action;
	if (before == 0 && now != 0)
		capabilities->effective &= ~file_capabilities;
	if (before != 0 && now == 0)
		capabilities->effective |= capabilities->permitted & file_capabilities;
	return action;
}

enum slot_action identity_set_file_group(struct slot *slot)
{
	return set_file_id(slot, groups());
}
