#ifndef CORACLE_PATH_WALK_H
#define CORACLE_PATH_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "path/view.h"

/*
 * Resolves a guest's path as the kernel would under chroot(2): component by component, every
 * symbolic link read on the host and followed inside the guest's view, ".." of the root is the
 * root. (path_resolution(7).)
 */

/* The host as a walk sees it; a test may put another in its place. */
struct walk_host {
	/* As readlinkat(AT_FDCWD, ...): the length, -EINVAL when it is no link, or another -errno.
	 */
	long (*read_link)(const char *host, char *buffer, size_t size);
	/*
	 * Asked of links under the host's /proc whose text is not what they mean ("exe", "cwd",
	 * "root", "fd/N"). Returns the length of the guest path put into `target`, 0 when the
	 * kernel should follow this one itself, or -errno; -ESTALE for a directory that has been
	 * removed, with the path that it had.
	 */
	long (*read_magic_link)(
		const struct view *view, const char *host, bool last, struct text *target);
	/*
	 * Asked about a guest path that the host has nothing for: is it a link that the guest shall
	 * find all the same? The length of its text, or -EINVAL. NULL when there are no such links.
	 */
	long (*read_missing_link)(const char *guest, struct text *target);
};

/* Some link of the host, to look at in place of one that is not there. */
#define WALK_STAND_IN "/proc/self"

/* What happens to a symbolic link at the end of the path. */
enum walk_end {
	WALK_FOLLOW, /* it is followed */
	WALK_LINK,   /* it is meant itself, unless a slash comes after it (lstat) */
	WALK_NAME,   /* the name is meant, whatever comes after it (mkdir, unlink, rename) */
};

/* Where a walk begins: a canonical guest directory, and how many links were followed on the way. */
struct walk_start {
	const char *base;
	unsigned links;
};

/* What openat2(2) may ask for. All zero: nothing. */
struct walk_limits {
	bool no_links;
	bool no_magic_links;
	bool no_crossing; /* from one mount to another */
	bool beneath;	  /* nothing above the directory where the walk begins */
	bool in_root;	  /* that directory is the root */
};

/* Scratch and result of one walk; large, so it lives in the caller's slot. */
struct walk {
	struct text guest; /* the canonical guest path */
	struct text host;  /* where that lies on the host, with the trailing slash that was given */
	const struct view_bind *bind; /* that it lies in, NULL for the tree */
	bool read_only;		      /* it lies in a read-only bind */
	bool missing;		   /* it is a link that the host lacks; `host` is WALK_STAND_IN */
	bool magic;		   /* it is a link that only the kernel can follow */
	bool removed;		   /* the same, to a directory that has been removed */
	bool through_proc;	   /* a part of it lies in /proc */
	bool reserved;		   /* its name is one that the overlay keeps for itself */
	unsigned long mask;	   /* layers that hold it, 0 for none; layers.h */
	unsigned long parent;	   /* layers that hold its directory */
	const char *suffix;	   /* what `host` ends in behind the path: "", "/", "/." or "/.." */
	unsigned links;		   /* how many symbolic links were followed */
	struct walk_limits limits; /* set before a walk; a walk without any leaves it alone */
	/* The long ones come last: most paths are short, and leave all but their beginnings
	 * untouched. */
	char guest_bytes[PATH_BYTES];
	char host_bytes[PATH_HOST_BYTES];
	char rest_bytes[2][2 * PATH_BYTES];
	char link_bytes[PATH_BYTES];
};

/*
 * Resolves `path` from the canonical guest directory `base`. The last component need not exist;
 * with WALK_NAME it may be "." or "..", which stays in the host path for the kernel to refuse.
 * Returns 0 or -errno (ENOENT ENOTDIR EACCES ELOOP ENAMETOOLONG).
 */
int walk_path(struct walk *walk, const struct view *view, const struct walk_host *host,
	const char *base, const char *path, enum walk_end end);

/* The same, as part of a longer walk. */
int walk_on(struct walk *walk, const struct view *view, const struct walk_host *host,
	const struct walk_start *start, const char *path, enum walk_end end);

#endif
