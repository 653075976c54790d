#ifndef CORACLE_COMMAND_RUN_H
#define CORACLE_COMMAND_RUN_H

#include "command/options.h"

/*
 * Becomes the guest: sets up the engine from the options and executes the command. Returns only
 * when that failed, with the exit code (125, 126, 127), after a message.
 */
int run_command(const struct options *options, char **environment);

#endif
