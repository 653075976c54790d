#ifndef CORACLE_GUEST_PROGRAM_FILE_H
#define CORACLE_GUEST_PROGRAM_FILE_H

#include "path/walk.h"

/* The file of a program that is to be executed, held by a descriptor from the moment when it was
 * found. */

/* Only a regular file may be executed, by those who may: 0 or -errno. */
long program_file_check(int descriptor);

/*
 * Opens what a walk has found, to be read: -ELOOP when a link stands there, or has appeared on the
 * way since. -errno, too, for what may not be executed.
 */
long program_file_open(const struct walk *walk);

/* The host's path of a program again, in a later process. */
long program_file_reopen(const char *host);

#endif
