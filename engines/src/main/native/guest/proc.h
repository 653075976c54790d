#ifndef CORACLE_GUEST_PROC_H
#define CORACLE_GUEST_PROC_H

#include <stdbool.h>

#include "base/text.h"
#include "path/view.h"

/*
 * The guest's view of /proc. The kernel's links there lead to the host's paths, and "exe" to the
 * engine; the guest must see itself. (proc(5).)
 */

/* Links under /proc whose text is not simply a path of the guest. */
enum proc_link { PROC_ORDINARY, PROC_EXE, PROC_CWD, PROC_ROOT, PROC_DESCRIPTOR, PROC_OTHER };

/* What a host path means; `descriptor` is set for PROC_DESCRIPTOR, `process` for all but ordinary.
 */
struct proc_place {
	enum proc_link link;
	unsigned long process;
	unsigned long descriptor;
};

struct proc_place proc_place_of(const char *host);

/* See struct walk_host. */
long proc_magic_link(const struct view *view, const char *host, bool last, struct text *target);

/* The text that readlink(2) of such a place gives to the guest: its length, or -errno. */
long proc_link_text(const struct view *view, const char *host, struct text *target);

/* The host path behind one of our own descriptors: its length, or -errno. Not ended by NUL. */
long proc_read_descriptor(int descriptor, char *buffer, size_t size);

#endif
