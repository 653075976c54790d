#ifndef CORACLE_COMMAND_SEARCH_H
#define CORACLE_COMMAND_SEARCH_H

#include "base/text.h"

/* How a program is looked for by its name alone, as execvp(3) does it. */

/* A name with a slash is a path, and is not looked for. */
bool search_is_path(const char *name);

/* The value of PATH, or `otherwise` where there is none. */
const char *search_path(char **environment, const char *otherwise);

/*
 * Puts together the name in the first directory of `*path`, and goes on to the next one, which is
 * NULL behind the last. A name that does not fit is told by candidate->overflow.
 */
void search_next(const char **path, const char *name, struct text *candidate);

#endif
