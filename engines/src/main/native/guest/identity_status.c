#include "base/mem.h"
#include "guest/identity.h"

/* The guest's ids as /proc/PID/status shows them (proc_pid_status(5)). */

static void add_ids(struct text *text, const char *name, const struct identity_ids *ids)
{
	const unsigned shown[] = {ids->first, ids->effective, ids->saved, ids->file};

	text_add(text, name);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		text_add(text, "\t");
		text_add_number(text, (long)shown[i]);
	}
	text_add(text, "\n");
}

void identity_status_ids(struct text *text, const struct identity *identity)
{
	add_ids(text, "Uid:", &identity->user);
	add_ids(text, "Gid:", &identity->group);
}

void identity_status_groups(struct text *text, const struct identity *identity)
{
	text_add(text, "Groups:\t");
	for (size_t i = 0; i < identity->group_count; i++) {
		text_add_number(text, (long)identity->groups[i]);
		text_add(text, " ");
	}
	/* The kernel puts a blank behind each, and one where there is none. */
	text_add(text, identity->group_count > 0 ? "\n" : " \n");
}

static void add_set(struct text *text, const char *name, unsigned long set)
{
	static const char digits[] = "0123456789abcdef";

	text_add(text, name);
	for (unsigned shift = 64; shift > 0; shift -= 4)
		text_add_bytes(text, &digits[set >> (shift - 4) & 15], 1);
	text_add(text, "\n");
}

void identity_status_capabilities(struct text *text, const struct identity *identity)
{
	const struct identity_capabilities *capabilities = &identity->capabilities;

	add_set(text, "CapInh:\t", capabilities->inheritable);
	add_set(text, "CapPrm:\t", capabilities->permitted);
	add_set(text, "CapEff:\t", capabilities->effective);
	add_set(text, "CapBnd:\t", capabilities->bounding);
	add_set(text, "CapAmb:\t", capabilities->ambient);
}
