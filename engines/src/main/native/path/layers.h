#ifndef CORACLE_PATH_LAYERS_H
#define CORACLE_PATH_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include "path/walk.h"

/*
 * Trees that lie over each other. Layer 0 is the view's root, or the bind that covers a path; the
 * others follow as the view lists them. A set of layers is a mask of bits: for a directory all
 * those that it is merged from, for anything else the one that it is in. The lowest bit is what the
 * guest sees of it.
 *
 * A layer hides a name of those below by an empty file ".wh.NAME" (a whiteout), whether or not it
 * has something by that name itself, and everything below a directory by a file ".wh..wh..opq" in
 * it. These are the names that OCI images and AUFS use. A guest never sees a name that begins so.
 */
#define LAYERS_WHITEOUT ".wh."
#define LAYERS_OPAQUE ".wh..wh..opq"

/* In an overlay such a name is the engine's own. */
bool layers_is_reserved(const struct view *view, const char *name, size_t length);

/* Which layer the guest sees, of a mask that is not 0. */
unsigned layers_top(unsigned long mask);

/* Where a canonical guest path would lie in one layer. */
void layers_host(const struct view *view, unsigned layer, const char *guest, size_t length,
	struct text *host);

/* The mask of "/". */
unsigned long layers_root(const struct view *view);

/*
 * Looks for the last name of a canonical guest path in the layers `parent` of its directory, and
 * puts those that hold it into walk->mask. The length of a symbolic link, whose text is then in
 * walk->link_bytes, -EINVAL when it is anything else, -ENOENT when there is nothing, or another
 * -errno. Uses walk->host.
 */
long layers_look(struct walk *walk, const struct view *view, const struct walk_host *host,
	unsigned long parent, const char *guest, size_t length);

/* The mask of a canonical guest path, step by step from the root; 0 when it is not there. */
unsigned long layers_find(struct walk *walk, const struct view *view, const struct walk_host *host,
	const char *guest, size_t length);

#endif
