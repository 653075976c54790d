#ifndef CORACLE_COMMAND_EMULATOR_H
#define CORACLE_COMMAND_EMULATOR_H

#include "intercept/custom.h"

/*
 * Finds the program that runs those of other machines. `command` is a path or a name of the host's
 * PATH, and may have options behind it. 0, or -1 after a message.
 */
int emulator_find(struct custom *custom, const char *command, char **environment);

#endif
