#ifndef CORACLE_INTERCEPT_PATHS_HOLD_H
#define CORACLE_INTERCEPT_PATHS_HOLD_H

#include "base/text.h"
#include "intercept/slot.h"
#include "rules/rule.h"

/*
 * Descriptors in the place of paths that were found, opened without following any link, so that
 * none that appears meanwhile is followed. They are kept in slot->held until the call has been
 * made.
 */

/*
 * Holds what one path argument has come to, which `host` tells: the file, where the call follows
 * links, else the directory. 0, also where the kernel cannot and the text must do; or -errno, ELOOP
 * when there is a link now.
 */
long paths_hold(struct slot *slot, size_t which, const struct rule_path *path, struct text *host);

/* The same for slot->unheld: what the overlay has left to the kernel after all. */
long paths_hold_late(struct slot *slot, const struct rule_path paths[2]);

#endif
