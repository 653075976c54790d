#ifndef CORACLE_COMMAND_FRONT_BINDS_H
#define CORACLE_COMMAND_FRONT_BINDS_H

#include "command/options.h"

/* What PRoot's options -b, -R and -S bind, as binds of `run`. */

/* "HOST", "HOST:GUEST" or "HOST:GUEST!". 0, or -1 after a message. */
int front_bind(struct options *options, const char *value);

/* What -R shows of the host, or -S, as far as the host has it; `home` may be NULL. 0 or -1. */
int front_bind_host(struct options *options, const char *tree, const char *home);
int front_bind_system(struct options *options, const char *tree, const char *home);

/* The path in this process's directory if it is relative; kept for good. NULL after a message. */
const char *front_absolute(const char *path);

#endif
