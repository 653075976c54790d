#ifndef CORACLE_INTERCEPT_CHANGES_H
#define CORACLE_INTERCEPT_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "machine.h"
#include "path/known.h"

/*
 * What all processes of all runs in one tree tell each other: that a symbolic link may have
 * appeared, gone or moved, and where directories were found. One shared file per tree counts calls
 * that may change a link, before they begin and after they have ended, so that whoever looked a
 * path up can tell whether that still holds.
 */

/* What else the file holds is the path of the tree that it belongs to, and so much it is in all. */
enum { CHANGES_ROOT_AT = 64, CHANGES_ROOT_BYTES = MACHINE_PAGE - CHANGES_ROOT_AT };
extern const size_t changes_bytes;

/*
 * The state of the tree's links. False while somebody is changing them, and where there is no page:
 * then nothing that was looked up before may be used.
 */
bool changes_steady(unsigned long *state);

/* Has nothing begun since `state` was read? */
bool changes_none_since(unsigned long state);

/* The directories that were found; only for whom changes_steady() has said yes. */
struct known *changes_known(void);

/* Around a call that may change a symbolic link; the end is told which one it is. */
unsigned changes_begin(void);
void changes_end(unsigned begun);

/*
 * Around a call for which nobody may change a link: waits until nobody does, and others wait then.
 * Whoever was killed in the meantime is noticed after a moment.
 */
void changes_hold(void);
void changes_release(void);

#endif
