#ifndef CORACLE_OVERLAY_UPPER_H
#define CORACLE_OVERLAY_UPPER_H

#include "intercept/slot.h"

struct stat;

/*
 * The upper directory of an overlay: everything that a run changes. Beside the guest's files it
 * holds whiteouts (path/layers.h), and in its root what the engine needs:
 *
 *   .wh..wh.work/    copies that are not complete yet; renamed into place when they are
 *   .wh..wh.inodes/  INODE -> NUMBER: a copy keeps the inode number of what it was copied from
 *   .wh..wh.lock     locked (flock) while names are taken away, moved or covered
 *   .wh..wh.points/  mount points that no layer has
 */

/* Room for the paths of one change; lies over what only an execve() needs. */
struct upper_paths {
	char from[PATH_BYTES]; /* host paths */
	char to[PATH_BYTES];
	char guest[PATH_BYTES]; /* of two guest paths the first */
	char spare[PATH_BYTES];
};

_Static_assert(sizeof(struct upper_paths) <= sizeof(struct exec_work), "fits");

struct upper_paths *upper_paths_of(struct slot *slot);

/* Makes a directory an upper one, if it is none yet. 0 or -errno. */
long upper_prepare(const char *directory);

/*
 * The lock that keeps processes from changing the same names at once. The kernel gives it back when
 * a process is killed. A descriptor for upper_unlock(), or -errno.
 */
long upper_lock(void);
void upper_unlock(int lock);

/* A name in the work directory that nobody else uses. */
void upper_aside(const struct slot *slot, struct text *path);

/*
 * A guest path in the upper layer: the directory that holds it, held open, and its last name. No
 * name is made, moved or taken away by a longer text, for a link may appear in that meanwhile.
 */
struct upper_place {
	int directory;
	char name[PATH_NAME_MOST + 1];
};

/* Opens a directory of a layer; -ELOOP when a link has appeared on the way. */
long upper_open(const char *path, int flags);

/* The directory must be in the upper layer. 0 or -errno; -ELOOP when a link has appeared on the
 * way.
 */
long upper_enter(struct upper_place *place, const char *guest, size_t length);
void upper_leave(const struct upper_place *place);

/* Whether a whiteout hides what the lower layers have by this name. */
bool upper_is_hidden(const struct upper_place *place);

/* Hides it. */
long upper_hide(const struct upper_place *place);

/* Remembers, looks up and forgets which number a file of the upper directory shows; 0 for its own.
 */
void upper_note_inode(unsigned long inode, unsigned long shown);
unsigned long upper_shown_inode(unsigned long inode);
void upper_forget_inode(unsigned long inode);

/* A file of the upper directory is about to lose its last name: nothing is remembered of it. */
void upper_forget(const struct stat *status);

#endif
