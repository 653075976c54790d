#ifndef CORACLE_OVERLAY_COPY_H
#define CORACLE_OVERLAY_COPY_H

#include <stdbool.h>

struct stat;

/*
 * Copies one file, link, pipe, socket, device or (empty) directory of the host to a new name: type,
 * content, extended attributes, owner, mode and times, as far as this process may. Holes stay
 * holes; the kernel copies or shares the blocks where it can. Without `data` a file is left empty.
 * 0 or -errno; then nothing is left at `to`.
 */
long copy_object(const char *from, const char *to, const struct stat *status, bool data);

#endif
