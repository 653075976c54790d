#ifndef CORACLE_INTERCEPT_LIBRARY_H
#define CORACLE_INTERCEPT_LIBRARY_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * Files that the index knows, mapped by the guest: ld.so first maps a whole library, wherever the
 * kernel likes, and then its segments over that. The first mapping is given room for the stubs, and
 * the one that holds the code then gets the patched pages.
 */

/* Answers an mmap(2) of a file in slot->result, or returns false: then it is not for the index. */
bool library_mmap(struct slot *slot);

#endif
