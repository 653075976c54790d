#ifndef CORACLE_GUEST_PEERS_H
#define CORACLE_GUEST_PEERS_H

#include "intercept/slot.h"

/*
 * Credentials that go over sockets (unix(7)). The kernel knows only the real user, so the guest's
 * are taken off on the way out, and who comes in as the real user is shown as the guest's own.
 */

/*
 * Looks through the control data of a message to send. 1 when `*control` had to be replaced by a
 * copy in the slot, 0, or -errno.
 */
long peers_hide(struct slot *slot, unsigned long *control, size_t length);

/* Control data that has come in. */
void peers_show(unsigned long control, size_t length);

#endif
