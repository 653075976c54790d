#ifndef CORACLE_COMMAND_CHANGES_FILE_H
#define CORACLE_COMMAND_CHANGES_FILE_H

#include "base/text.h"

/*
 * Makes the file by which all runs in one tree tell each other of changes (intercept/changes.h).
 * Its place goes into `path`, which is empty when there can be none. Whoever makes a new one takes
 * away those of trees that are gone.
 */
void changes_file_make(const char *root, struct text *path);

#endif
