#ifndef CORACLE_INTERCEPT_RING_H
#define CORACLE_INTERCEPT_RING_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * Is it the requests of an io_uring that this mmap(2) wants? No guest can make a ring, but somebody
 * else may have left one open, perhaps with a thread of the kernel that takes its requests without
 * being called.
 */
bool ring_is_mapped(const struct slot *slot);

#endif
