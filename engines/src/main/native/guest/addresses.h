#ifndef CORACLE_GUEST_ADDRESSES_H
#define CORACLE_GUEST_ADDRESSES_H

#include <stdbool.h>

#include "guest/socket_call.h"

/* Addresses of IPv4 and IPv6 (ip(7), ipv6(7)), as the kernel lays them out. */

/* 0 when it is none of these, or holds no port. */
unsigned address_port(const struct address *address, unsigned length);
void address_set_port(struct address *address, unsigned port);

/* Is that this very machine? Asks the kernel, unless the address says it. */
bool address_is_local(const struct address *address, unsigned length);

#endif
