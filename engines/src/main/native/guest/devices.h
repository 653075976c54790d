#ifndef CORACLE_GUEST_DEVICES_H
#define CORACLE_GUEST_DEVICES_H

#include "base/text.h"

/*
 * /dev has links that are made in user space, and some hosts lack them (AWS Lambda): "fd", "stdin",
 * "stdout" and "stderr". What they lead to is the kernel's own. Where a guest's /dev has none they
 * are there all the same. The length of the target, or -EINVAL for any other path.
 */
long devices_missing_link(const char *guest, struct text *target);

#endif
