#include "intercept/trace.h"

#include <linux/fcntl.h>
#include <linux/mman.h>

#include "base/sys.h"
#include "intercept/engine.h"
#include "rules/names.h"
#include "rules/numbers.h"

/* What a call leaves here until its line is written; mapped with the first that has a path. */
enum { NOTES_BYTES = 1 << 16, LINE_BYTES = 1 << 17 };

struct trace_notes {
	struct text places;
	char bytes[NOTES_BYTES];
	char line[LINE_BYTES];
};

bool trace_on(void)
{
	return engine.trace != NULL;
}

void trace_begin(struct slot *slot)
{
	slot->traced_number = slot->number;
	slot->traced_leave = NULL;
	if (slot->trace != NULL)
		text_clear(&slot->trace->places);
}

static struct trace_notes *notes_of(struct slot *slot)
{
	long mapped;

	if (slot->trace != NULL)
		return slot->trace;
	mapped = sys_mmap(0, sizeof(struct trace_notes), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sys_failed(mapped))
		return NULL;
	slot->trace = (struct trace_notes *)mapped;
	slot->trace->places = text_in(slot->trace->bytes, NOTES_BYTES);
	return slot->trace;
}

static void add_escaped(struct text *text, const char *path)
{
	for (; *path != '\0'; path++) {
		if (*path == '\t')
			text_add(text, "\\t");
		else if (*path == '\n')
			text_add(text, "\\n");
		else if (*path == '\\')
			text_add(text, "\\\\");
		else
			text_add_bytes(text, path, 1);
	}
}

void trace_place(struct slot *slot)
{
	struct trace_notes *notes = notes_of(slot);

	if (notes == NULL)
		return;
	text_add(&notes->places, "\t");
	add_escaped(&notes->places, slot->walk.guest.at);
	text_add(&notes->places, "\t");
	add_escaped(&notes->places, slot->walk.host.at);
}

/* `result` is NULL for a program that took the caller's place. */
static void write_line(struct slot *slot, const long *result)
{
	struct trace_notes *notes = slot->trace;
	struct text line = text_in(notes->line, LINE_BYTES);
	long file;

	text_add_number(&line, sys_getpid());
	text_add(&line, "\t");
	text_add(&line, rule_name(slot->traced_number));
	text_add(&line, "\t");
	if (result == NULL)
		text_add(&line, "started");
	else
		text_add_number(&line, *result);
	text_add_bytes(&line, notes->places.at, notes->places.length);
	text_add(&line, "\n");
	file = sys_openat(AT_FDCWD, engine.trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (file < 0)
		return;
	/* A run does not end because nobody can write down what it does. */
	(void)sys_write((int)file, line.at, line.length);
	sys_close((int)file);
}

static bool has_places(const struct slot *slot)
{
	return slot->trace != NULL && slot->trace->places.length > 0;
}

/* Runs in the place of the call's own leave function, and after it. */
static enum slot_action leave(struct slot *slot)
{
	enum slot_action action = SLOT_DONE;

	if (slot->traced_leave != NULL) {
		slot->leave = slot->traced_leave;
		action = slot->leave(slot);
		slot->traced_leave = slot->leave;
	}
	if (action == SLOT_DONE)
		write_line(slot, &slot->result);
	else
		slot->leave = leave;
	return action;
}

enum slot_action trace_decided(struct slot *slot, enum slot_action action)
{
	if (!has_places(slot))
		return action;
	if (action == SLOT_DONE) {
		write_line(slot, &slot->result);
	} else if (action == SLOT_RUN) {
		if (slot->number == __NR_execve)
			write_line(slot, NULL);
		slot->traced_leave = slot->leave;
		slot->leave = leave;
	}
	return action;
}
