#ifndef CORACLE_INTERCEPT_PATHS_H
#define CORACLE_INTERCEPT_PATHS_H

#include <stdbool.h>

#include "intercept/slot.h"
#include "rules/rule.h"

/* Copies a string of the guest into slot->path. Its length, -EFAULT or -ENAMETOOLONG. */
long paths_read(struct slot *slot, unsigned long address);

/*
 * The canonical guest directory that a descriptor (or AT_FDCWD) stands for, into `base`, which has
 * PATH_HOST_BYTES of room. 0, -EBADF, or -ENOENT when it lies outside of what the guest sees.
 */
long paths_base(int directory, struct text *base);

/*
 * Resolves slot->path from that directory into slot->walk; what it follows takes the place of
 * slot->path. slot->steady tells whether what was
 * found holds as long as changes_none_since(slot->links_state).
 */
long paths_walk(struct slot *slot, int directory, enum walk_end end);

/*
 * May the kernel have slot->path as it is? So it is with one name, not followed, in a directory
 * that is known to lie inside the view, and with that directory itself.
 */
bool paths_stay(const struct slot *slot, enum walk_end end);

/* The walk's view of this host: readlinkat(2), and /proc's magic links. */
extern const struct walk_host paths_host;

#endif
