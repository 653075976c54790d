#ifndef CORACLE_OVERLAY_OVERLAY_H
#define CORACLE_OVERLAY_OVERLAY_H

#include "intercept/slot.h"
#include "rules/rule.h"

/*
 * What a call with a path needs in an overlay before the kernel gets it: what it is going to change
 * is brought into the upper directory. slot->walk holds the path; then it holds the one that the
 * kernel shall have. `error` is what is known so far. Only called when there is an upper directory.
 */
long overlay_prepare(struct slot *slot, const struct rule_path *path, long error);

/* The same for an open with these flags. */
long overlay_open(struct slot *slot, unsigned long flags, long error);

/* Parts of it: what is there is opened, or a name is about to be made. */
long overlay_prepare_open(struct slot *slot, unsigned long flags);
long overlay_prepare_name(struct slot *slot);

/*
 * The same for a call whose path is empty or absent, so that it means a descriptor: when that is of
 * a lower layer the arguments become the path of the copy, in `host`.
 */
long overlay_prepare_descriptor(struct slot *slot, const struct rule_path *path, struct text *host);

/* Sets up the view from what the command line says. Keeps the strings. 0 or -errno. */
long overlay_set_up(const char *upper, const char *const *lowers, size_t count);

#endif
