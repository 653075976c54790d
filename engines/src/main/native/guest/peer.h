#ifndef CORACLE_GUEST_PEER_H
#define CORACLE_GUEST_PEER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Other guest processes, seen from inside of one. Each runs the same engine at the same address, so
 * what one of them knows about itself lies where ours does.
 */

/* Is it this process, by the number of its first or of the running thread? */
bool peer_is_own(unsigned long process);

/* Does this process (or thread) run this engine? True for our own. */
bool peer_is_guest(unsigned long process);

/*
 * Copies what lies at the address of `variable` in that process. 0, or -errno: -EPERM where the
 * kernel lets no process look into another, -ESRCH when it is gone.
 */
long peer_read(unsigned long process, const void *variable, void *to, size_t size);

#endif
