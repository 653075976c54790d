#ifndef CORACLE_COMMAND_OUTCOME_H
#define CORACLE_COMMAND_OUTCOME_H

#include <stdbool.h>

#include "command/options.h"

/* How a command ended, and what is told about it: a line in options->status, and an exit code. */
struct outcome {
	int started;	/* 0, or the exit code that says why nothing of the guest ran */
	int status;	/* as wait(2) tells it */
	bool timed_out; /* it was ended because its time was up */
};

/* Opens options->status and keeps room in it. The descriptor, -1 without one, -errno after a
 * message. */
long outcome_open(const struct options *options);

/*
 * Writes the line to the descriptor, if it is one: "exit N", "signal N", "timeout", or "error CODE
 * WORDS". Returns the exit code: N, 128 + N, 124, or CODE; 125 after a message when it cannot be
 * written.
 */
int outcome_tell(const struct outcome *outcome, const struct options *options, int file);

#endif
