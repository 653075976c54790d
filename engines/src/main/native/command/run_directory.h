#ifndef CORACLE_COMMAND_RUN_DIRECTORY_H
#define CORACLE_COMMAND_RUN_DIRECTORY_H

#include "base/text.h"

/*
 * The run's own directory on the host, for what its guest's /dev needs and the host does not have.
 * Either somebody gave one, and takes it away; or the engine makes one among the host's temporary
 * files, and removes it with all that is in it when the run is over.
 */

/* Makes a directory in `place` that nobody else has. 0 or -errno. */
long run_directory_make(const char *place, struct text *path);

/* Removes the directory and all that is in it, and says on standard error what it could not. */
void run_directory_remove(const char *path);

#endif
