#ifndef CORACLE_OVERLAY_LISTING_H
#define CORACLE_OVERLAY_LISTING_H

#include "intercept/slot.h"
#include "overlay/names.h"

/*
 * Reads the directory that slot->path names, in these layers, as the guest sees it. 0 or -errno;
 * the caller frees `names` in any case. Uses slot->bytes and slot->walk.host.
 */
long listing_read(struct slot *slot, struct names *names, unsigned long mask);

#endif
