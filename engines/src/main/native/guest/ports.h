#ifndef CORACLE_GUEST_PORTS_H
#define CORACLE_GUEST_PORTS_H

#include <stdbool.h>

#include "guest/socket_call.h"

/*
 * Ports of IPv4 and IPv6 that have another number on the host (engine.custom): the guest binds and
 * reaches 80, and for everybody else on the machine it is 8080. An address of another machine stays
 * as it is, whatever its port.
 */

/* Could that be an address with such a port? */
bool ports_may_map(const struct address *address, unsigned length);

/* To connect or send to: puts the host's port in place of the guest's. False: nothing changed. */
bool ports_to_host(struct address *address, unsigned length);

/* What the kernel gave, as the guest knows it; `own` when it is of the guest's own end. */
void ports_to_guest(struct address *address, unsigned length, bool own);

/* bind(2), with a copy of the address, which ports_may_map(). */
enum slot_action ports_bind(struct slot *slot, struct address *address);

#endif
