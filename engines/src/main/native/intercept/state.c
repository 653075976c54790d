#include "intercept/state.h"

#include <linux/errno.h>

#include "base/mem.h"

static void write_field(struct text *text, const char *bytes)
{
	text_add_number(text, (long)strlen(bytes));
	text_add(text, ":");
	text_add(text, bytes);
	text_add(text, ",");
}

static void write_number(struct text *text, unsigned long number)
{
	text_add_number(text, (long)number);
	text_add(text, ",");
}

void state_write(struct text *text, const struct engine *from, const struct state_program *program)
{
	text_add(text, STATE_MARK);
	text_add_bytes(text, from->run, from->run_length);
	text_add(text, ":");
	write_field(text, program->exe);
	write_field(text, program->file);
	write_field(text, program->name);
	write_number(text, from->identity.given ? 1 : 0);
	write_number(text, from->identity.user);
	write_number(text, from->identity.group);
	write_field(text, from->view.root);
	write_number(text, from->view.bind_count);
	/* Shortest guest path first: reading them back in this order restores the order. */
	for (size_t i = from->view.bind_count; i > 0; i--) {
		const struct view_bind *bind = &from->view.binds[i - 1];

		write_field(text, bind->host_length == 0 ? "/" : bind->host);
		write_field(text, bind->guest);
		write_number(text, bind->read_only ? 1 : 0);
	}
}

struct reader {
	char *at;
	bool bad;
};

static unsigned long read_number(struct reader *reader, char end)
{
	unsigned long number = 0;
	size_t digits = text_read_number(reader->at, &number);

	reader->at += digits;
	if (digits == 0 || *reader->at != end)
		reader->bad = true;
	else
		reader->at++;
	return reader->bad ? 0 : number;
}

static const char *read_field(struct reader *reader)
{
	size_t length = read_number(reader, ':');
	char *field = reader->at;

	if (reader->bad || strlen(field) <= length || field[length] != ',') {
		reader->bad = true;
		return "";
	}
	field[length] = '\0';
	reader->at = field + length + 1;
	return field;
}

int state_read(struct engine *into, char *text)
{
	struct reader reader = {.at = text + strlen(STATE_MARK), .bad = false};
	char *run = reader.at;
	unsigned long binds;

	while (*reader.at != ':' && *reader.at != '\0')
		reader.at++;
	if (*reader.at == '\0')
		return -EINVAL;
	/* The colon stays: it is part of the mark that others look for. */
	into->run = run;
	into->run_length = (size_t)(reader.at - run);
	reader.at++;
	into->exe = read_field(&reader);
	into->file = read_field(&reader);
	into->name = read_field(&reader);
	into->identity.given = read_number(&reader, ',') != 0;
	into->identity.user = (unsigned)read_number(&reader, ',');
	into->identity.group = (unsigned)read_number(&reader, ',');
	view_set_root(&into->view, read_field(&reader));
	binds = read_number(&reader, ',');
	for (unsigned long i = 0; i < binds && !reader.bad; i++) {
		const char *host = read_field(&reader);
		const char *guest = read_field(&reader);
		bool read_only = read_number(&reader, ',') != 0;

		if (view_add_bind(&into->view, host, guest, read_only) < 0)
			reader.bad = true;
	}
	return reader.bad ? -EINVAL : 0;
}
