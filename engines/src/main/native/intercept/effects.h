#ifndef CORACLE_INTERCEPT_EFFECTS_H
#define CORACLE_INTERCEPT_EFFECTS_H

#include <stdbool.h>

#include "path/walk.h"
#include "rules/rule.h"

/* What a call would change where nothing may be changed: read-only binds, mount points, the root.
 */

/* Would open(2) with these flags write, make or shorten a file? */
bool effects_open_writes(unsigned long flags);

/* Does a call of this effect take a name away or move it? And does it change a file or make a name?
 */
bool effects_remove(unsigned effect);
bool effects_change(unsigned effect);

/* May a symbolic link appear, go or move? */
bool effects_change_links(unsigned effect);

/* 0, or what the kernel says to such a call in such a place; `flags` are those of the call, of
 * access(2) the mode. */
long effects_check(const struct walk *walk, const struct rule_path *path, unsigned long flags);

/* Where a call with two paths would go: the places, and what they mean to the kernel's mounts. */
struct effects_place {
	const struct text *host;
	const struct view_bind *bind;	/* that it lies in */
	const struct view_bind *parent; /* that the directory with its name lies in */
	bool mount_point;
	bool in_proc; /* on the host's */
};

/* The same for the result of a walk whose host path is kept in `host`. */
struct effects_place effects_place_of(const struct walk *walk, const struct text *host);

/*
 * 0, or what the kernel says to a name moved or linked from one place to another. `flags` are those
 * of renameat2(2), of a link they do not matter.
 */
long effects_move(
	const struct effects_place *from, const struct effects_place *to, unsigned long flags);
long effects_link(const struct effects_place *from, const struct effects_place *to);

#endif
