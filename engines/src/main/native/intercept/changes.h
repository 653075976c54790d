#ifndef CORACLE_INTERCEPT_CHANGES_H
#define CORACLE_INTERCEPT_CHANGES_H

#include <stdbool.h>

#include "base/text.h"
#include "path/known.h"

/*
 * What all processes of all runs in one tree tell each other: that a symbolic link may have
 * appeared, gone or moved, and where directories were found. One shared file per tree counts calls
 * that may change a link, before they begin and after they have ended, so that whoever looked a
 * path up can tell whether that still holds.
 */

/* Makes the file of a tree. Its place goes into `path`, which is empty when there can be none. */
void changes_prepare(const char *root, struct text *path);

/*
 * The state of the tree's links. False while somebody is changing them, and where there is no page:
 * then nothing that was looked up before may be used.
 */
bool changes_steady(unsigned long *state);

/* Has nothing begun since `state` was read? */
bool changes_none_since(unsigned long state);

/* The directories that were found; only for whom changes_steady() has said yes. */
struct known *changes_known(void);

/* Around a call that may change a symbolic link. */
void changes_begin(void);
void changes_end(void);

#endif
