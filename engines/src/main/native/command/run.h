#ifndef CORACLE_COMMAND_RUN_H
#define CORACLE_COMMAND_RUN_H

#include "command/options.h"

/*
 * Sets up the engine from the options: the guest's view, its identity, its working directory, which
 * this process enters. 0, or the exit code (125) after a message.
 */
int run_prepare(const struct options *options);

/* The directory that run_prepare() made for this run, to be removed at its end, or NULL. */
const char *run_made_directory(void);

/*
 * Becomes the guest: executes the command. Returns only when that failed, with the exit code (125,
 * 126, 127), after a message.
 */
int run_execute(const struct options *options, char **environment);

#endif
