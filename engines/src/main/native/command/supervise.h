#ifndef CORACLE_COMMAND_SUPERVISE_H
#define CORACLE_COMMAND_SUPERVISE_H

#include "command/options.h"

/*
 * Runs the command in a child, hands TERM, INT, HUP and QUIT on to it, and writes one line about
 * its end to options->status: "exit N", "signal N", or "error CODE WORDS" when nothing of the guest
 * ran. Returns the exit code: N, 128 + N, or CODE.
 */
int supervise_command(const struct options *options, char **environment);

#endif
