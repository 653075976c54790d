#ifndef CORACLE_COMMAND_ATTACH_H
#define CORACLE_COMMAND_ATTACH_H

#include "base/text.h"

/* What an index is called that lies beside its tree: the tree's path and this. */
#define INDEX_SUFFIX ".coracle-index"

/* One for a kernel that dispatches all calls, as mode P2 may have it. */
#define INDEX_SUFFIX_ALL INDEX_SUFFIX "-P2"

/*
 * The index of a tree: `given`, as by `--index`, or if that is NULL beside the tree, `all` tells
 * which. `root` holds no symbolic link.
 */
void index_path(struct text *path, const char *root, const char *given, bool all);

/* Says why the index at `path` cannot be used, and what to do. */
void index_complain(const char *path, long error);

/* Makes the index that of engine.index. 0, or -errno: then there is none. */
long index_try(const char *root, const char *given, bool all);

/* The same, but -1 after a message that tells what to do. */
int index_attach(const char *root, const char *given, bool all);

#endif
