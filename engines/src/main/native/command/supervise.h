#ifndef CORACLE_COMMAND_SUPERVISE_H
#define CORACLE_COMMAND_SUPERVISE_H

#include "command/options.h"

/*
 * Runs the command: in this process, unless there is something to do at its end. That is
 * options->status to be written, a directory to be removed that was made for the run, or processes
 * to be ended. Then the command runs in a child, and TERM, INT, HUP and QUIT are handed on to it.
 * When the command's time is up it gets TERM, two seconds later KILL; then, and with
 * options->kill_on_exit in any case, all processes that it has left behind are killed. A run
 * without a name gets one for that. Returns the exit code; outcome.h.
 */
int supervise_command(struct options *options, char **environment);

#endif
