#ifndef CORACLE_COMMAND_SUPERVISE_H
#define CORACLE_COMMAND_SUPERVISE_H

#include "command/options.h"

/*
 * Runs the command: in this process, unless there is something to do at its end. That is
 * options->status to be written, or a directory to be removed that was made for the run. Then the
 * command runs in a child, TERM, INT, HUP and QUIT are handed on to it, and one line about its end
 * goes to options->status: "exit N", "signal N", or "error CODE WORDS" when nothing of the guest
 * ran. Returns the exit code: N, 128 + N, or CODE.
 */
int supervise_command(const struct options *options, char **environment);

#endif
