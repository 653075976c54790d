#ifndef CORACLE_OVERLAY_POINTS_H
#define CORACLE_OVERLAY_POINTS_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * Mount points that the tree lacks. They, and the directories on the way to them, are made up: in a
 * directory of the engine's own, which lies as the last layer under everything (path/layers.h). So
 * a guest can list and enter them, and the tree stays as it is. Only while a run is set up.
 */

/*
 * Resolves where a bind shall be seen, into slot->walk.guest, of which not even the beginning need
 * exist. `exact`: a symbolic link at its end is the place itself. 1 when there is no such place, 0
 * when there is, or -errno.
 */
long points_resolve(struct slot *slot, const char *path, bool exact);

/* Remembers one to make up; keeps the string. */
void points_note(const char *guest, const char *host);

/*
 * Makes up what was noted, in the upper directory when there is one, else in `scratch`, under a
 * name that says what is in it: runs with the same mount points share it. 0 or -errno.
 */
long points_make(struct slot *slot, const char *scratch);

#endif
