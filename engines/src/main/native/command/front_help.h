#ifndef CORACLE_COMMAND_FRONT_HELP_H
#define CORACLE_COMMAND_FRONT_HELP_H

#include <stdbool.h>

/* Prints the help of `coracle-engine proot`, or only the version. 0 or -errno. */
long front_print(bool help);

#endif
