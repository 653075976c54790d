#ifndef CORACLE_INTERCEPT_EFFECTS_H
#define CORACLE_INTERCEPT_EFFECTS_H

#include <stdbool.h>

#include "path/walk.h"
#include "rules/rule.h"

/* What a call would change where nothing may be changed: read-only binds, mount points, the root.
 */

/* Would open(2) with these flags write, make or shorten a file? */
bool effects_open_writes(unsigned long flags);

/* 0, or what the kernel says to such a call in such a place; `flags` are those of open(2). */
long effects_check(const struct walk *walk, const struct rule_path *path, unsigned long flags);

#endif
