#include "guest/identity.h"

#include <linux/errno.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"

/*
 * The uid and gid a guest believes in. What belongs to the real user of this process looks as if it
 * belonged to that identity; the rest keeps its owner. A guest that is "root" may change identity
 * and give files away as far as it can tell. Without --user everything here is the kernel's own.
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
	identity->first_user = identity->saved_user = identity->user;
	identity->first_group = identity->saved_group = identity->group;
}

enum slot_action identity_get_user(struct slot *slot)
{
	return engine.identity.given ? answer(slot, (long)engine.identity.first_user) : SLOT_RUN;
}

enum slot_action identity_get_group(struct slot *slot)
{
	return engine.identity.given ? answer(slot, (long)engine.identity.first_group) : SLOT_RUN;
}

enum slot_action identity_get_effective_user(struct slot *slot)
{
	return engine.identity.given ? answer(slot, (long)engine.identity.user) : SLOT_RUN;
}

enum slot_action identity_get_effective_group(struct slot *slot)
{
	return engine.identity.given ? answer(slot, (long)engine.identity.group) : SLOT_RUN;
}

/* The ids of one kind, in the order in which setresuid(2) takes them. */
struct ids {
	unsigned *first;
	unsigned *effective;
	unsigned *saved;
};

static struct ids users(void)
{
	return (struct ids){
		&engine.identity.first_user, &engine.identity.user, &engine.identity.saved_user};
}

static struct ids groups(void)
{
	return (struct ids){
		&engine.identity.first_group, &engine.identity.group, &engine.identity.saved_group};
}

static enum slot_action give_three(struct slot *slot, const struct ids *ids)
{
	const unsigned *const given[] = {ids->first, ids->effective, ids->saved};

	for (size_t i = 0; i < 3; i++) {
		if (guarded_copy((void *)slot->argument[i], given[i], sizeof(unsigned)) < 0)
			return answer(slot, -EFAULT);
	}
	return answer(slot, 0);
}

enum slot_action identity_get_three_users(struct slot *slot)
{
	struct ids ids = users();

	return engine.identity.given ? give_three(slot, &ids) : SLOT_RUN;
}

enum slot_action identity_get_three_groups(struct slot *slot)
{
	struct ids ids = groups();

	return engine.identity.given ? give_three(slot, &ids) : SLOT_RUN;
}

static const unsigned as_it_is = ~0U;

/* Root may become anyone; anyone else only what one of their three ids says. */
static bool may_become(const struct ids *ids, unsigned id)
{
	return id == as_it_is || engine.identity.user == 0 || id == *ids->first ||
	       id == *ids->effective || id == *ids->saved;
}

static enum slot_action set_three(
	struct slot *slot, const struct ids *ids, const unsigned wanted[3])
{
	unsigned *const to[] = {ids->first, ids->effective, ids->saved};

	for (size_t i = 0; i < 3; i++) {
		if (!may_become(ids, wanted[i]))
			return answer(slot, -EPERM);
	}
	for (size_t i = 0; i < 3; i++) {
		if (wanted[i] != as_it_is)
			*to[i] = wanted[i];
	}
	return answer(slot, 0);
}

/* setresuid(2) */
static enum slot_action set_given(struct slot *slot, struct ids ids)
{
	const unsigned wanted[] = {(unsigned)slot->argument[0], (unsigned)slot->argument[1],
		(unsigned)slot->argument[2]};

	return engine.identity.given ? set_three(slot, &ids, wanted) : SLOT_RUN;
}

/* setuid(2): root changes all three. */
static enum slot_action set_one(struct slot *slot, struct ids ids)
{
	unsigned id = (unsigned)slot->argument[0];
	unsigned others = engine.identity.user == 0 ? id : as_it_is;
	const unsigned wanted[] = {others, id, others};

	return engine.identity.given ? set_three(slot, &ids, wanted) : SLOT_RUN;
}

/* setreuid(2): the saved one follows the effective one, unless that stays the first. */
static enum slot_action set_two(struct slot *slot, struct ids ids)
{
	unsigned first = (unsigned)slot->argument[0];
	unsigned effective = (unsigned)slot->argument[1];
	bool follows = first != as_it_is || (effective != as_it_is && effective != *ids.first);
	unsigned saved = effective != as_it_is ? effective : *ids.effective;
	const unsigned wanted[] = {first, effective, follows ? saved : as_it_is};

	return engine.identity.given ? set_three(slot, &ids, wanted) : SLOT_RUN;
}

enum slot_action identity_set_user(struct slot *slot)
{
	return set_given(slot, users());
}

enum slot_action identity_set_group(struct slot *slot)
{
	return set_given(slot, groups());
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
enum slot_action identity_set_file_user(struct slot *slot)
{
	return identity_get_effective_user(slot);
}

enum slot_action identity_set_file_group(struct slot *slot)
{
	return identity_get_effective_group(slot);
}

enum slot_action identity_set_groups(struct slot *slot)
{
	if (!engine.identity.given)
		return SLOT_RUN;
	return answer(slot, engine.identity.user == 0 ? 0 : -EPERM);
}

enum slot_action identity_leave_chown(struct slot *slot)
{
	if (slot->result == -EPERM && engine.identity.given && engine.identity.user == 0)
		slot->result = 0;
	return SLOT_DONE;
}

enum slot_action identity_fchown(struct slot *slot)
{
	slot->leave = identity_leave_chown;
	return SLOT_RUN;
}

static void show(unsigned *user, unsigned *group)
{
	if (*user == engine.identity.real_user)
		*user = engine.identity.user;
	if (*group == engine.identity.real_group)
		*group = engine.identity.group;
}

static enum slot_action show_stat(struct slot *slot, unsigned long buffer)
{
	struct stat status;

	if (slot->result < 0 || !engine.identity.given)
		return SLOT_DONE;
	if (guarded_copy(&status, (const void *)buffer, sizeof(status)) < 0)
		return SLOT_DONE;
	show(&status.st_uid, &status.st_gid);
	guarded_copy((void *)buffer, &status, sizeof(status));
	return SLOT_DONE;
}

enum slot_action identity_leave_stat1(struct slot *slot)
{
	return show_stat(slot, slot->original[1]);
}

enum slot_action identity_leave_stat2(struct slot *slot)
{
	return show_stat(slot, slot->original[2]);
}

enum slot_action identity_fstat(struct slot *slot)
{
	if (engine.identity.given)
		slot->leave = identity_leave_stat1;
	return SLOT_RUN;
}

enum slot_action identity_leave_statx(struct slot *slot)
{
	struct statx status;
	unsigned long buffer = slot->original[4];

	if (slot->result < 0 || !engine.identity.given)
		return SLOT_DONE;
	if (guarded_copy(&status, (const void *)buffer, sizeof(status)) < 0)
		return SLOT_DONE;
	show(&status.stx_uid, &status.stx_gid);
	guarded_copy((void *)buffer, &status, sizeof(status));
	return SLOT_DONE;
}
