#ifndef CORACLE_INTERCEPT_REMOVED_H
#define CORACLE_INTERCEPT_REMOVED_H

#include "intercept/slot.h"

/*
 * A relative path that begins in a directory which has been removed, and was at `base`: the
 * directory itself is still there, and so is the way up from it. 0 when the walk has ended there; 1
 * when it goes on in `base`, with what `path` is then; or -errno.
 */
long removed_leave(struct slot *slot, int directory, struct text *base, const char **path);

#endif
