#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"

/* What goes with the ids: supplementary groups, capabilities, and prctl(2) where it concerns them.
 */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

enum slot_action identity_get_groups(struct slot *slot)
{
	const struct identity *identity = &engine.identity;
	int size = (int)slot->argument[0];

	if (!identity->given)
		return SLOT_RUN;
	if (size < 0 || (size > 0 && (unsigned)size < identity->group_count))
		return answer(slot, -EINVAL);
	if (size > 0 && guarded_copy((void *)slot->argument[1], identity->groups,
				identity->group_count * sizeof(unsigned)) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, identity->group_count);
}

/* The kernel keeps them sorted, and so shows them. */
static void insert_group(unsigned *groups, size_t count, unsigned group)
{
	size_t at = count;

	for (; at > 0 && groups[at - 1] > group; at--)
		groups[at] = groups[at - 1];
	groups[at] = group;
}

enum slot_action identity_set_groups(struct slot *slot)
{
	unsigned count = (unsigned)slot->argument[0];
	unsigned groups[IDENTITY_GROUPS_MOST];

	if (!engine.identity.given)
		return SLOT_RUN;
	if (!identity_may(CAP_SETGID))
		return answer(slot, -EPERM);
	if (count > IDENTITY_GROUPS_MOST)
		return answer(slot, -EINVAL);
	for (unsigned i = 0; i < count; i++) {
		unsigned group;

		if (guarded_copy(&group, (const void *)(slot->argument[1] + i * sizeof(group)),
			    sizeof(group)) < 0)
			return answer(slot, -EFAULT);
		insert_group(groups, i, group);
	}
	memcpy(engine.identity.groups, groups, count * sizeof(unsigned));
	engine.identity.group_count = count;
	return answer(slot, 0);
}

static long words_of(unsigned version)
{
	if (version == _LINUX_CAPABILITY_VERSION_1)
		return _LINUX_CAPABILITY_U32S_1;
	return version == _LINUX_CAPABILITY_VERSION_2 || version == _LINUX_CAPABILITY_VERSION_3
		       ? _LINUX_CAPABILITY_U32S_3
		       : -EINVAL;
}

/* How many words each set has; in a version that nobody knows the kernel's own is told. */
static long read_header(struct slot *slot, struct __user_cap_header_struct *header)
{
	long words;

	if (guarded_copy(header, (const void *)slot->argument[0], sizeof(*header)) < 0)
		return -EFAULT;
	words = words_of(header->version);
	if (words > 0)
		return words;
	header->version = _LINUX_CAPABILITY_VERSION_3;
	if (guarded_copy((void *)slot->argument[0], header, sizeof(*header)) < 0)
		return -EFAULT;
	return -EINVAL;
}

static bool is_own(int process)
{
	return process == 0 || process == sys_getpid() || process == sys_gettid();
}

/* capget(2). Another process of the run is taken to have what we have. */
enum slot_action identity_get_capabilities(struct slot *slot)
{
	const struct identity_capabilities *capabilities = &engine.identity.capabilities;
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	long words;

	if (!engine.identity.given)
		return SLOT_RUN;
	words = read_header(slot, &header);
	if (words < 0)
		return answer(slot, words == -EINVAL && slot->argument[1] == 0 ? 0 : words);
	if (header.pid < 0)
		return answer(slot, -EINVAL);
	if (!is_own(header.pid) && sys_kill(header.pid, 0) == -ESRCH)
		return answer(slot, -ESRCH);
	if (slot->argument[1] == 0)
		return answer(slot, 0);
	for (size_t i = 0; i < (size_t)words; i++) {
		data[i].effective = (unsigned)(capabilities->effective >> (32 * i));
		data[i].permitted = (unsigned)(capabilities->permitted >> (32 * i));
		data[i].inheritable = (unsigned)(capabilities->inheritable >> (32 * i));
	}
	if (guarded_copy((void *)slot->argument[1], data, (size_t)words * sizeof(data[0])) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, 0);
}

static const unsigned long every_capability = (1UL << IDENTITY_CAPABILITIES) - 1;

/* capset(2) */
enum slot_action identity_set_capabilities(struct slot *slot)
{
	struct identity_capabilities *now = &engine.identity.capabilities;
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	struct identity_capabilities wanted = *now;
	unsigned long inheritable;
	long words;

	if (!engine.identity.given)
		return SLOT_RUN;
	words = read_header(slot, &header);
	if (words < 0)
		return answer(slot, words);
	if (!is_own(header.pid))
		return answer(slot, -EPERM);
	memset(data, 0, sizeof(data));
	if (guarded_copy(data, (const void *)slot->argument[1], (size_t)words * sizeof(data[0])) <
		0)
		return answer(slot, -EFAULT);
	wanted.effective = data[0].effective | (unsigned long)data[1].effective << 32;
	wanted.permitted = data[0].permitted | (unsigned long)data[1].permitted << 32;
	wanted.inheritable = data[0].inheritable | (unsigned long)data[1].inheritable << 32;
	wanted.effective &= every_capability;
	wanted.permitted &= every_capability;
	wanted.inheritable &= every_capability;
	inheritable =
		now->inheritable | (identity_may(CAP_SETPCAP) ? now->bounding : now->permitted);
	if ((wanted.inheritable & ~inheritable) != 0 ||
		(wanted.inheritable & ~(now->inheritable | now->bounding)) != 0 ||
		(wanted.permitted & ~now->permitted) != 0 ||
		(wanted.effective & ~wanted.permitted) != 0)
		return answer(slot, -EPERM);
	wanted.ambient &= wanted.permitted & wanted.inheritable;
	*now = wanted;
	return answer(slot, 0);
}

static long set_secure_bits(unsigned long wanted)
{
	struct identity_capabilities *capabilities = &engine.identity.capabilities;
	unsigned long now = capabilities->secure_bits;

	if ((wanted & ~(unsigned long)(SECURE_ALL_BITS | SECURE_ALL_LOCKS)) != 0 ||
		/* A locked bit stays, and so does a lock. */
		((now & SECURE_ALL_LOCKS) >> 1 & (now ^ wanted)) != 0 ||
		(now & SECURE_ALL_LOCKS & ~wanted) != 0 || !identity_may(CAP_SETPCAP))
		return -EPERM;
	capabilities->secure_bits = (unsigned)wanted;
	return 0;
}

static long set_keep(unsigned long keep)
{
	struct identity_capabilities *capabilities = &engine.identity.capabilities;

	if (keep > 1)
		return -EINVAL;
	if ((capabilities->secure_bits & SECBIT_KEEP_CAPS_LOCKED) != 0)
		return -EPERM;
	if (keep == 1)
		capabilities->secure_bits |= SECBIT_KEEP_CAPS;
	else
		capabilities->secure_bits &= ~(unsigned)SECBIT_KEEP_CAPS;
	return 0;
}

static long drop_bounding(unsigned long capability)
{
	if (!identity_may(CAP_SETPCAP))
		return -EPERM;
	if (capability >= IDENTITY_CAPABILITIES)
		return -EINVAL;
	engine.identity.capabilities.bounding &= ~(1UL << capability);
	return 0;
}

static long change_ambient(unsigned long change, unsigned long capability)
{
	struct identity_capabilities *capabilities = &engine.identity.capabilities;

	if (change == PR_CAP_AMBIENT_CLEAR_ALL) {
		if (capability != 0)
			return -EINVAL;
		capabilities->ambient = 0;
		return 0;
	}
	if (capability >= IDENTITY_CAPABILITIES)
		return -EINVAL;
	if (change == PR_CAP_AMBIENT_IS_SET)
		return capabilities->ambient >> capability & 1;
	if (change == PR_CAP_AMBIENT_LOWER) {
		capabilities->ambient &= ~(1UL << capability);
		return 0;
	}
	if (change != PR_CAP_AMBIENT_RAISE)
		return -EINVAL;
	if ((capabilities->permitted & capabilities->inheritable & 1UL << capability) == 0 ||
		(capabilities->secure_bits & SECBIT_NO_CAP_AMBIENT_RAISE) != 0)
		return -EPERM;
	capabilities->ambient |= 1UL << capability;
	return 0;
}

/*
 * The kernel is not told: it would hide the mark of the run, and the process from whoever ends the
 * run.
 */
static long set_dumpable(unsigned long value)
{
	if (value > 1)
		return -EINVAL;
	engine.undumpable = value == 0;
	return 0;
}

/* prctl(2); all that is not about capabilities or dumps is the kernel's. */
enum slot_action identity_prctl(struct slot *slot)
{
	const struct identity_capabilities *capabilities = &engine.identity.capabilities;
	unsigned option = (unsigned)slot->argument[0];
	unsigned long value = slot->argument[1];

	if (option == PR_SET_DUMPABLE)
		return answer(slot, set_dumpable(value));
	if (option == PR_GET_DUMPABLE)
		return answer(slot, engine.undumpable ? 0 : 1);
	/* It would change what /proc/self/exe is, and that is how a program is started. */
	if ((unsigned)slot->argument[0] == PR_SET_MM && value != PR_SET_MM_MAP_SIZE)
		return answer(slot, -EPERM);
	if (!engine.identity.given)
		return SLOT_RUN;
	switch (option) {
	case PR_GET_KEEPCAPS:
		return answer(slot, (capabilities->secure_bits & SECBIT_KEEP_CAPS) != 0);
	case PR_SET_KEEPCAPS:
		return answer(slot, set_keep(value));
	case PR_GET_SECUREBITS:
		return answer(slot, (long)capabilities->secure_bits);
	case PR_SET_SECUREBITS:
		return answer(slot, set_secure_bits(value));
	case PR_CAPBSET_READ:
		return answer(slot, value < IDENTITY_CAPABILITIES
					    ? (long)(capabilities->bounding >> value & 1)
					    : -EINVAL);
	case PR_CAPBSET_DROP:
		return answer(slot, drop_bounding(value));
	case PR_CAP_AMBIENT:
		return answer(slot, change_ambient(value, slot->argument[2]));
	default:
		return SLOT_RUN;
	}
}
