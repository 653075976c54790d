#ifndef CORACLE_COMMAND_SUPERVISE_H
#define CORACLE_COMMAND_SUPERVISE_H

#include "command/options.h"

/*
 * Runs the command in a child, hands TERM, INT, HUP and QUIT on to it, and writes one line about
 * its end to options->status: "exit N", "signal N", "timeout", or "error CODE WORDS" when nothing
 * of the guest ran. Returns the exit code: N, 128 + N, 124, or CODE. When the command's time is up
 * it gets TERM, two seconds later KILL; then, and with options->kill_on_exit in any case, all
 * processes that it has left behind are killed. A run without a name gets one.
 */
int supervise_command(struct options *options, char **environment);

#endif
