#ifndef CORACLE_COMMAND_VARIABLES_H
#define CORACLE_COMMAND_VARIABLES_H

#include "command/options.h"

/* The guest's environment: what is inherited, if it is, and what --env says. NULL without memory.
 */
char **variables_build(const struct options *options, char **inherited);

#endif
