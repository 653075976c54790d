#include "intercept/identity.h"

#include "base/mem.h"
#include "intercept/state.h"

static const unsigned long every_capability = (1UL << IDENTITY_CAPABILITIES) - 1;

void identity_write(struct text *text, const struct identity *identity)
{
	state_write_number(text, identity->given ? 1 : 0);
	if (!identity->given)
		return;
	state_write_number(text, identity->secure ? 1 : 0);
	state_write_number(text, identity->user.first);
	state_write_number(text, identity->user.effective);
	state_write_number(text, identity->group.first);
	state_write_number(text, identity->group.effective);
	/* Those that are gone: a state from the command line begins with none gone. */
	state_write_number(text, every_capability & ~identity->capabilities.bounding);
	state_write_number(text, identity->capabilities.inheritable);
	state_write_number(text, identity->capabilities.ambient);
	state_write_number(text, identity->capabilities.secure_bits);
	state_write_number(text, identity->group_count);
	for (size_t i = 0; i < identity->group_count; i++)
		state_write_number(text, identity->groups[i]);
	state_write_number(text, identity->base_user);
	state_write_number(text, identity->base_group);
	state_write_number(text, identity->start_user);
	state_write_number(text, identity->start_group);
	state_write_field(text, identity->owners);
	state_write_number(text, identity->device);
}

void identity_read(struct state_reader *reader, struct identity *identity)
{
	unsigned long count;

	identity->given = state_read_number(reader, ',') != 0;
	if (!identity->given)
		return;
	identity->secure = state_read_number(reader, ',') != 0;
	identity->user.first = (unsigned)state_read_number(reader, ',');
	identity->user.effective = (unsigned)state_read_number(reader, ',');
	identity->group.first = (unsigned)state_read_number(reader, ',');
	identity->group.effective = (unsigned)state_read_number(reader, ',');
	identity->capabilities.bounding = every_capability & ~state_read_number(reader, ',');
	identity->capabilities.inheritable = state_read_number(reader, ',');
	identity->capabilities.ambient = state_read_number(reader, ',');
	identity->capabilities.secure_bits = (unsigned)state_read_number(reader, ',');
	count = state_read_number(reader, ',');
	if (count > IDENTITY_GROUPS_MOST) {
		reader->bad = true;
		return;
	}
	identity->group_count = (unsigned)count;
	for (size_t i = 0; i < count; i++)
		identity->groups[i] = (unsigned)state_read_number(reader, ',');
	identity->base_user = (unsigned)state_read_number(reader, ',');
	identity->base_group = (unsigned)state_read_number(reader, ',');
	identity->start_user = (unsigned)state_read_number(reader, ',');
	identity->start_group = (unsigned)state_read_number(reader, ',');
	identity->owners = state_read_field(reader);
	identity->device = state_read_number(reader, ',');
}

/* capabilities(7), "Transformation of capabilities during execve()", without file capabilities. */
void identity_begin(struct identity *identity)
{
	struct identity_capabilities *capabilities = &identity->capabilities;
	bool root = identity->user.first == 0 || identity->user.effective == 0;

	identity->user.saved = identity->user.file = identity->user.effective;
	identity->group.saved = identity->group.file = identity->group.effective;
	capabilities->permitted = capabilities->ambient;
	capabilities->effective = capabilities->ambient;
	if (root && (capabilities->secure_bits & 1) == 0) {
		capabilities->permitted = capabilities->bounding | capabilities->inheritable;
		if (identity->user.effective == 0)
			capabilities->effective = capabilities->permitted;
	}
	/* SECBIT_KEEP_CAPS is for one program only. */
	capabilities->secure_bits &= ~(1U << 4);
}
