#ifndef CORACLE_PATH_VIEW_H
#define CORACLE_PATH_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * What the guest sees as its file system: a tree of the host that is its root, and binds that lie
 * over it. Guest paths here are canonical: absolute, no "." or "..", no doubled or trailing slash.
 * Host paths are absolute and hold no symbolic links, so that a text prefix decides.
 */

/* The kernel's own limits: a path with its NUL, a name without, links followed in one walk. */
enum { PATH_BYTES = 4096, PATH_NAME_MOST = 255, PATH_LINKS_MOST = 40 };

/* A host path is a guest path behind the tree's own: both may be as long as the kernel allows. */
enum { PATH_HOST_BYTES = 2 * PATH_BYTES };

/* As many as may be given, and the engine's own. */
enum { VIEW_BINDS_MOST = 72, VIEW_LAYERS_MOST = 32 };

struct view_bind {
	const char *host;
	const char *guest;
	size_t host_length;
	size_t guest_length;
	bool read_only;
};

/* A tree that shows through where those above it have nothing; see layers.h. */
struct view_layer {
	const char *host;
	size_t length;
	unsigned long device; /* the host's number for its file system */
};

struct view {
	const char *root;
	size_t root_length; /* 0 when the root is the host's "/" */
	unsigned long device;
	size_t layer_count; /* 0 for most: no call then looks at what follows */
	struct view_layer layers[VIEW_LAYERS_MOST]; /* under the root, from the top */
	bool upper;  /* the root is the upper directory of an overlay, the layers its lower ones */
	bool points; /* the last layer holds mount points that the tree lacks; nobody writes there
		      */
	size_t bind_count;
	struct view_bind binds[VIEW_BINDS_MOST]; /* longest guest path first */
};

void view_set_root(struct view *view, const char *root);

/* Keeps the strings, not copies of them. Returns 0, or -E2BIG when there are too many binds. */
int view_add_bind(struct view *view, const char *host, const char *guest, bool read_only);

/* Puts a layer under those there are. Keeps the string. Returns 0 or -E2BIG. */
int view_add_layer(struct view *view, const char *host, unsigned long device);

/* Differs, as good as always, where another view of the same root has other binds or layers. */
unsigned view_hash(const struct view *view);

/* The bind that covers a canonical guest path, or NULL when the tree itself holds it. */
const struct view_bind *view_bind_of(const struct view *view, const char *guest, size_t length);

/* True when some bind's mount point is exactly this path. */
bool view_is_mount_point(const struct view *view, const char *guest, size_t length);

/* True when some bind's mount point has this last name, wherever it lies; any of its names when
 * directories on the way to one may be made up. */
bool view_has_mount_named(const struct view *view, const char *name, size_t length);

/* True when some bind's mount point lies below this directory. */
bool view_is_above_mount(const struct view *view, const char *guest, size_t length);

/* True when some place in the view may be read but not written. */
bool view_has_read_only(const struct view *view);

/* Where a canonical guest path lies: `host`, and behind it the path without its first bytes. */
struct view_place {
	const struct view_bind *bind; /* that covers it, NULL for the tree */
	const char *host;	      /* not ended by NUL; shorter than PATH_BYTES */
	size_t host_length;
	size_t hidden; /* bytes of the guest path that `host` stands for */
};

struct view_place view_place_of(const struct view *view, const char *guest, size_t length);

/* Canonical guest path to host path, in the bind that covers it or in the root. */
void view_to_host(const struct view *view, const char *guest, size_t length, struct text *host);

/*
 * Host path to guest path: the longest host prefix among root, layers and binds wins. Returns 0, or
 * -ENOENT when the guest cannot see that place.
 */
int view_to_guest(const struct view *view, const char *host, size_t length, struct text *guest);

#endif
