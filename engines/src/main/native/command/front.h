#ifndef CORACLE_COMMAND_FRONT_H
#define CORACLE_COMMAND_FRONT_H

#include "command/options.h"

/*
 * `coracle-engine proot`: the command line that people and scripts know from PRoot
 * (docs/migrating-from-proot.md). It only says in other words what `run` does.
 */

enum front_outcome { FRONT_RUN, FRONT_DONE, FRONT_FAILED };

/*
 * Reads argv, from the first option on. FRONT_RUN: `options` are filled; FRONT_DONE: help or the
 * version has been printed; FRONT_FAILED after a message.
 */
enum front_outcome front_read(struct options *options, char **argv, char **environment);

/* The exit code. */
int front_command(char **argv, char **environment);

#endif
