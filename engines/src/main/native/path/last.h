#ifndef CORACLE_PATH_LAST_H
#define CORACLE_PATH_LAST_H

#include <stdbool.h>
#include <stddef.h>

#include "path/walk.h"

/* One name in a directory, whose own way is behind us. */
struct last_name {
	const struct text *directory; /* its canonical guest path */
	unsigned links;		      /* how many were followed on the way there */
	const char *name;	      /* neither "." nor ".." */
	size_t length;
	bool slash; /* stands behind the name, and goes to the kernel */
};

/*
 * What walk_on() finds for a name that is not followed, by the texts alone: nobody is asked. False,
 * with nothing in `walk` to rely on, where it takes more: in layers, below /dev, and where
 * something may be mounted under that name.
 */
bool last_find(struct walk *walk, const struct view *view, const struct last_name *last);

#endif
