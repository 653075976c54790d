#ifndef CORACLE_COMMAND_SYNTHESISE_H
#define CORACLE_COMMAND_SYNTHESISE_H

#include "command/options.h"
#include "intercept/slot.h"

/*
 * Files of /etc that a guest needs and its tree may not have. The tree stays as it is: what differs
 * from it lies in a directory beside it, written anew by each run, and is shown in its place.
 */

/* Binds those that --synthesise names. 0, or -errno for the one that `*failed` then tells. */
long synthesise_files(struct slot *slot, const struct options *options, const char **failed);

#endif
