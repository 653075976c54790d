#include "intercept/state.h"

#include <linux/errno.h>

#include "base/mem.h"

void state_write_field(struct text *text, const char *bytes)
{
	text_add_number(text, (long)strlen(bytes));
	text_add(text, ":");
	text_add(text, bytes);
	text_add(text, ",");
}

void state_write_number(struct text *text, unsigned long number)
{
	text_add_number(text, (long)number);
	text_add(text, ",");
}

static void write_index(struct text *text, const struct index_identity *index)
{
	state_write_field(text, index->path != NULL ? index->path : "");
	state_write_number(text, index->tree_device);
	state_write_number(text, index->inode);
	state_write_number(text, index->size);
	state_write_number(text, index->changed);
	state_write_number(text, index->changed_nanos);
}

static void write_layers(struct text *text, const struct view *view)
{
	state_write_number(text, view->upper ? 1 : 0);
	state_write_number(text, view->points ? 1 : 0);
	state_write_number(text, view->device);
	state_write_number(text, view->layer_count);
	for (size_t i = 0; i < view->layer_count; i++) {
		state_write_field(text, view->layers[i].length == 0 ? "/" : view->layers[i].host);
		state_write_number(text, view->layers[i].device);
	}
}

static void write_program(struct text *text, const struct own_program *program)
{
	state_write_field(text, program->path != NULL ? program->path : "");
	state_write_number(text, program->device);
	state_write_number(text, program->inode);
	state_write_number(text, program->changed);
	state_write_number(text, program->changed_nanos);
}

void state_write(struct text *text, const struct engine *from, const struct state_program *program)
{
	text_add(text, STATE_MARK);
	text_add_bytes(text, from->run, from->run_length);
	text_add(text, ":");
	state_write_field(text, program->exe);
	state_write_field(text, program->file);
	state_write_field(text, program->name);
	state_write_field(text, from->changes);
	state_write_field(text, program->interpreter);
	identity_write(text, program->identity);
	custom_write(text, &from->custom);
	write_index(text, &from->index);
	write_program(text, &from->program);
	state_write_number(text, from->trapping);
	state_write_field(text, from->trace != NULL ? from->trace : "");
	state_write_field(text, from->view.root);
	state_write_number(text, from->view.bind_count);
	/* Shortest guest path first: reading them back in this order restores the order. */
	for (size_t i = from->view.bind_count; i > 0; i--) {
		const struct view_bind *bind = &from->view.binds[i - 1];

		state_write_field(text, bind->host_length == 0 ? "/" : bind->host);
		state_write_field(text, bind->guest);
		state_write_number(text, bind->read_only ? 1 : 0);
	}
	write_layers(text, &from->view);
}

unsigned long state_read_number(struct state_reader *reader, char end)
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

/* Are there so many bytes before the end of the text? */
static bool has_bytes(const char *field, size_t length)
{
	size_t i = 0;

	while (i < length && field[i] != '\0')
		i++;
	return i == length;
}

const char *state_read_field(struct state_reader *reader)
{
	size_t length = state_read_number(reader, ':');
	char *field = reader->at;

	if (reader->bad || !has_bytes(field, length) || field[length] != ',') {
		reader->bad = true;
		return "";
	}
	field[length] = '\0';
	reader->at = field + length + 1;
	return field;
}

static void read_index(struct state_reader *reader, struct index_identity *index)
{
	index->path = state_read_field(reader);
	index->tree_device = state_read_number(reader, ',');
	index->inode = state_read_number(reader, ',');
	index->size = state_read_number(reader, ',');
	index->changed = state_read_number(reader, ',');
	index->changed_nanos = state_read_number(reader, ',');
}

static void read_layers(struct state_reader *reader, struct view *view)
{
	unsigned long layers;

	view->upper = state_read_number(reader, ',') != 0;
	view->points = state_read_number(reader, ',') != 0;
	view->device = state_read_number(reader, ',');
	layers = state_read_number(reader, ',');
	for (unsigned long i = 0; i < layers && !reader->bad; i++) {
		const char *host = state_read_field(reader);
		unsigned long device = state_read_number(reader, ',');

		if (view_add_layer(view, host, device) < 0)
			reader->bad = true;
	}
}

static void read_program(struct state_reader *reader, struct own_program *program)
{
	program->path = state_read_field(reader);
	program->device = state_read_number(reader, ',');
	program->inode = state_read_number(reader, ',');
	program->changed = state_read_number(reader, ',');
	program->changed_nanos = state_read_number(reader, ',');
}

int state_read(struct engine *into, char *text)
{
	struct state_reader reader = {.at = text + strlen(STATE_MARK), .bad = false};
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
	into->exe = state_read_field(&reader);
	into->file = state_read_field(&reader);
	into->name = state_read_field(&reader);
	into->changes = state_read_field(&reader);
	into->interpreter = state_read_field(&reader);
	identity_read(&reader, &into->identity);
	custom_read(&reader, &into->custom);
	read_index(&reader, &into->index);
	read_program(&reader, &into->program);
	into->trapping = (unsigned)state_read_number(&reader, ',');
	into->trace = state_read_field(&reader);
	if (into->trace[0] == '\0')
		into->trace = NULL;
	view_set_root(&into->view, state_read_field(&reader));
	binds = state_read_number(&reader, ',');
	for (unsigned long i = 0; i < binds && !reader.bad; i++) {
		const char *host = state_read_field(&reader);
		const char *guest = state_read_field(&reader);
		bool read_only = state_read_number(&reader, ',') != 0;

		if (view_add_bind(&into->view, host, guest, read_only) < 0)
			reader.bad = true;
	}
	read_layers(&reader, &into->view);
	return reader.bad ? -EINVAL : 0;
}
