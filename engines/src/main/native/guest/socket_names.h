#ifndef CORACLE_GUEST_SOCKET_NAMES_H
#define CORACLE_GUEST_SOCKET_NAMES_H

#include "base/text.h"
#include "path/view.h"

/*
 * Names of AF_UNIX sockets are paths (unix(7)) that the kernel keeps as they were given, and shows
 * to others. So a bound name must lead each process of the run back to the guest's path, and has
 * room for 108 bytes. It is one of
 *
 *	/HOST/PATH	the host's path, where it fits
 *	a/b		the guest's own words, where they lead to the same place on the host
 *	work//a/b	"/work/a/b" in the tree, bound from the tree's root as working directory
 *	.//DIGITSa/b	"a/b" in a bind, bound from its root; "./" and "/" are the binary digits 1
 *			and 0 of its number in the view, and no digits mean the tree
 *
 * No guest's own words hold two slashes: those are resolved first.
 */

/* The relative name of a canonical guest path; overflow of `name` when it does not fit. */
void socket_name_encode(const struct view *view, const char *guest, struct text *name);

/* The guest path that a bound name stands for. 0, or -EINVAL when the guest knows it as it is. */
int socket_name_decode(
	const struct view *view, const char *name, size_t length, struct text *guest);

bool socket_name_has_two_slashes(const char *name);

#endif
