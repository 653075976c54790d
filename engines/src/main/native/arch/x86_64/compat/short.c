#include "short.h"

#include "base/mem.h"
#include "calls.h"
#include "finish.h"
#include "intercept/dispatch.h"
#include "rules/numbers.h"

/* The calls of old, where users and groups have 16 bits. */

static enum slot_action give_short(struct slot *slot, unsigned long number)
{
	long id = compat_finish(slot, number);

	slot->result = id < 0 ? id : short_id((unsigned)id);
	return SLOT_DONE;
}

enum slot_action compat_short_user(struct slot *slot)
{
	return give_short(slot, __NR_getuid);
}

enum slot_action compat_short_group(struct slot *slot)
{
	return give_short(slot, __NR_getgid);
}

enum slot_action compat_short_effective_user(struct slot *slot)
{
	return give_short(slot, __NR_geteuid);
}

enum slot_action compat_short_effective_group(struct slot *slot)
{
	return give_short(slot, __NR_getegid);
}

/* Nobody in particular stays so. */
static unsigned long long_id(unsigned long id)
{
	return (unsigned short)id == SHORT_MOST ? (unsigned)-1 : (unsigned short)id;
}

static enum slot_action change_owner(struct slot *slot, unsigned long number)
{
	slot->argument[1] = long_id(slot->argument[1]);
	slot->argument[2] = long_id(slot->argument[2]);
	slot->result = compat_finish(slot, number);
	return SLOT_DONE;
}

enum slot_action compat_short_chown(struct slot *slot)
{
	return change_owner(slot, __NR_chown);
}

enum slot_action compat_short_lchown(struct slot *slot)
{
	return change_owner(slot, __NR_lchown);
}

enum slot_action compat_short_fchown(struct slot *slot)
{
	return change_owner(slot, __NR_fchown);
}
