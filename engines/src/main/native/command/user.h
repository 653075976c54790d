#ifndef CORACLE_COMMAND_USER_H
#define CORACLE_COMMAND_USER_H

#include "command/options.h"

/*
 * Sets engine.identity as --user wants it, and prepares the table of owners of the tree, whose path
 * is `root`. 0, or -errno with `*what` telling what could not be done with `*subject`.
 */
long user_set(
	const struct options *options, const char *root, const char **what, const char **subject);

#endif
