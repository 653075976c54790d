#ifndef CORACLE_GUEST_SOCKET_CALL_H
#define CORACLE_GUEST_SOCKET_CALL_H

#include "intercept/slot.h"

/* What the calls on sockets take and give, as the kernel lays it out. */
enum { NAME_AT = 2, ADDRESS_MOST = 128, UNIX_FAMILY = 1 };

/* struct msghdr */
struct message {
	unsigned long name;
	unsigned name_length;
	unsigned padding;
	unsigned long pieces;
	unsigned long piece_count;
	unsigned long control;
	unsigned long control_length;
	unsigned flags;
	unsigned padding_too;
};

/* struct mmsghdr */
struct counted_message {
	struct message message;
	unsigned sent;
	unsigned padding;
};

/* The kernel's rule for a path in an address: up to the NUL or the length given. */
struct address {
	unsigned short family;
	char path[ADDRESS_MOST - NAME_AT];
};

/*
 * Translates the address at `*at` (of `*length` bytes) into `room`: the path of a socket, or a port
 * that is mapped; leaves both alone when it holds neither. Descriptors to close later are kept in
 * `*opened`, whose first is slot->note[0] for sockets_close_opened().
 */
long sockets_translate(
	struct slot *slot, unsigned long *at, unsigned *length, struct address *room, int *opened);
enum slot_action sockets_close_opened(struct slot *slot);

#endif
