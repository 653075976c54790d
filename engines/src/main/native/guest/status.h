#ifndef CORACLE_GUEST_STATUS_H
#define CORACLE_GUEST_STATUS_H

#include "guest/ownership.h"

struct stat;
struct statx;

/*
 * Puts owner, mode and device as the guest shall see them in place of what the host told of the
 * file at `place`. Only where the guest has an identity of its own.
 */
void status_show_stat(const struct place *place, struct stat *status);
void status_show_statx(const struct place *place, struct statx *status);

#endif
