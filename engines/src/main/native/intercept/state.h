#ifndef CORACLE_INTERCEPT_STATE_H
#define CORACLE_INTERCEPT_STATE_H

#include "base/text.h"
#include "intercept/engine.h"

/*
 * The engine's state on its way through execve(2): the last string of the environment,
 * "CORACLE_ENGINE=RUN:" and then fields of the form "LENGTH:BYTES,". The new process takes it out
 * of the guest's environment; it stays visible from outside in /proc/PID/environ, so that every
 * process of a run can be found, whatever session or group it has moved to.
 */
#define STATE_MARK "CORACLE_ENGINE="

/* A `file` of this form is a descriptor that the new process inherits and closes. */
#define STATE_KEPT_DESCRIPTOR "/proc/self/fd/"

/*
 * `program` replaces exe, file, name, interpreter and identity of `from`. Overflow of `text` means
 * E2BIG.
 */
struct state_program {
	const char *exe;
	const char *file;
	const char *name;
	const char *interpreter;
	const struct identity *identity;
};

void state_write(struct text *text, const struct engine *from, const struct state_program *program);

/* Reads in place: cuts `text` into the strings that `into` then points to. 0 or -EINVAL. */
int state_read(struct engine *into, char *text);

/* Pieces of it: a number up to `end`, and a text. What is wrong with either shows in `bad`. */
struct state_reader {
	char *at;
	bool bad;
};

void state_write_field(struct text *text, const char *bytes);
void state_write_number(struct text *text, unsigned long number);
unsigned long state_read_number(struct state_reader *reader, char end);
const char *state_read_field(struct state_reader *reader);

#endif
