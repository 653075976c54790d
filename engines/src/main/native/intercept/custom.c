#include "intercept/custom.h"

#include "intercept/state.h"

static const char *filled(const char *field)
{
	return field[0] != '\0' ? field : NULL;
}

void custom_write(struct text *text, const struct custom *custom)
{
	state_write_field(text, custom->kernel != NULL ? custom->kernel : "");
	state_write_field(text, custom->learned != NULL ? custom->learned : "");
	state_write_number(text, custom->emulator_words);
	for (size_t i = 0; i < custom->emulator_words; i++)
		state_write_field(text, custom->emulator[i]);
	state_write_number(text, custom->port_count);
	for (size_t i = 0; i < custom->port_count; i++) {
		state_write_number(text, custom->ports[i].guest);
		state_write_number(text, custom->ports[i].host);
	}
	state_write_number(text, custom->copies_links ? 1 : 0);
}

static size_t read_count(struct state_reader *reader, size_t most)
{
	unsigned long count = state_read_number(reader, ',');

	if (count > most)
		reader->bad = true;
	return reader->bad ? 0 : count;
}

void custom_read(struct state_reader *reader, struct custom *custom)
{
	custom->kernel = filled(state_read_field(reader));
	custom->learned = filled(state_read_field(reader));
	custom->emulator_words = read_count(reader, CUSTOM_EMULATOR_WORDS);
	for (size_t i = 0; i < custom->emulator_words; i++)
		custom->emulator[i] = state_read_field(reader);
	custom->port_count = read_count(reader, CUSTOM_PORTS_MOST);
	for (size_t i = 0; i < custom->port_count; i++) {
		custom->ports[i].guest = (unsigned short)state_read_number(reader, ',');
		custom->ports[i].host = (unsigned short)state_read_number(reader, ',');
	}
	custom->copies_links = state_read_number(reader, ',') != 0;
}
