#ifndef CORACLE_INTERCEPT_CHANGES_H
#define CORACLE_INTERCEPT_CHANGES_H

#include <stdbool.h>

#include "base/text.h"

/*
 * What all processes of all runs in one tree tell each other: that a symbolic link may have
 * appeared, gone or moved. One shared page per tree counts calls that may do that, before they
 * begin and after they have ended, so that whoever looked a path up can tell whether that still
 * holds.
 */

/* Where the page of a tree lies, into `path`; makes its directory. Empty when there can be none. */
void changes_prepare(const char *root, struct text *path);

/*
 * The state of the tree's links. False while somebody is changing them, and where there is no page:
 * then nothing that was looked up before may be used.
 */
bool changes_steady(unsigned long *state);

/* Has nothing begun since `state` was read? */
bool changes_none_since(unsigned long state);

/* Around a call that may change a symbolic link. */
void changes_begin(void);
void changes_end(void);

#endif
