#include <linux/errno.h>
#include <linux/socket.h>
#include <linux/un.h>

#include "base/mem.h"
#include "guest/peers.h"
#include "guest/ports.h"
#include "guest/socket_call.h"
#include "guest/socket_names.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/* Calls that give the name of a socket. The guest is shown the one that it knows. */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/*
 * The kernel writes an address into the slot, and show_name() makes the guest's of it. In the
 * slot there is room for all of it, whatever the guest has.
 */
static struct address *take_address(struct slot *slot)
{
	struct address *taken = (struct address *)(void *)slot->first_host;

	memset(taken, 0, sizeof(*taken));
	return taken;
}

/* Makes the guest's of a name that the kernel gave; its new length. */
static unsigned show_name(struct slot *slot, struct address *address, unsigned length)
{
	struct text guest = text_in(slot->walk.guest_bytes, sizeof(slot->walk.guest_bytes));
	size_t kept;

	ports_to_guest(address, length, slot->rule_number == __NR_getsockname);
	if (length <= NAME_AT || length > sizeof(*address) || address->family != UNIX_FAMILY ||
		address->path[0] == '\0')
		return length;
	((char *)address)[length < sizeof(*address) ? length : sizeof(*address) - 1] = '\0';
	if (socket_name_decode(&engine.view, address->path, strlen(address->path), &guest) < 0)
		return length;
	/* With the NUL, which the kernel counts even behind the longest name. */
	kept = guest.length + 1 < sizeof(address->path) ? guest.length + 1 : sizeof(address->path);
	memmove(address->path, guest.at, kept);
	return (unsigned)kept + NAME_AT;
}

/* Gives it to the guest as getsockname(2) does: cut to its room, and with the length uncut. */
static long give_address(
	const struct address *address, unsigned long at, unsigned room, unsigned length)
{
	return guarded_copy((void *)at, address, length < room ? length : room);
}

static enum slot_action leave_counted(struct slot *slot, size_t at, size_t length_at)
{
	struct address *address = (struct address *)(void *)slot->first_host;
	unsigned length = (unsigned)slot->note[2];

	if (slot->result < 0)
		return SLOT_DONE;
	length = show_name(slot, address, length);
	if (give_address(address, slot->original[at], (unsigned)slot->note[1], length) < 0 ||
		guarded_copy((void *)slot->original[length_at], &length, sizeof(length)) < 0)
		return answer(slot, -EFAULT);
	return SLOT_DONE;
}

/* Lets the kernel write the address and its length into the slot, if the guest asks for them. */
static enum slot_action ask_counted(
	struct slot *slot, size_t length_at, enum slot_action (*leave)(struct slot *slot))
{
	int room;

	if (slot->argument[length_at - 1] == 0 || slot->argument[length_at] == 0)
		return SLOT_RUN;
	if (guarded_copy(&room, (const void *)slot->argument[length_at], sizeof(room)) < 0)
		return answer(slot, -EFAULT);
	/* The kernel refuses it. */
	if (room < 0)
		return SLOT_RUN;
	slot->note[1] = room;
	slot->note[2] = (long)sizeof(struct address);
	slot->argument[length_at - 1] = (unsigned long)take_address(slot);
	slot->argument[length_at] = (unsigned long)&slot->note[2];
	slot->leave = leave;
	return SLOT_RUN;
}

static enum slot_action leave_name(struct slot *slot)
{
	return leave_counted(slot, 1, 2);
}

enum slot_action sockets_name(struct slot *slot)
{
	return ask_counted(slot, 2, leave_name);
}

enum slot_action sockets_accept(struct slot *slot)
{
	return ask_counted(slot, 2, leave_name);
}

static enum slot_action leave_recvfrom(struct slot *slot)
{
	return leave_counted(slot, 4, 5);
}

enum slot_action sockets_recvfrom(struct slot *slot)
{
	return ask_counted(slot, 5, leave_recvfrom);
}

static enum slot_action leave_recvmsg(struct slot *slot)
{
	struct message *message = (struct message *)(void *)slot->bytes;
	struct address *address = (struct address *)(void *)slot->first_host;
	struct message given;

	if (slot->result < 0)
		return SLOT_DONE;
	if (guarded_copy(&given, (const void *)slot->original[1], sizeof(given)) < 0)
		return answer(slot, -EFAULT);
	peers_show(message->control, message->control_length);
	message->name_length = show_name(slot, address, message->name_length);
	if (give_address(address, given.name, given.name_length, message->name_length) < 0)
		return answer(slot, -EFAULT);
	message->name = given.name;
	if (guarded_copy((void *)slot->original[1], message, sizeof(*message)) < 0)
		return answer(slot, -EFAULT);
	return SLOT_DONE;
}

/* Nobody asks for the name. */
static enum slot_action leave_control(struct slot *slot)
{
	struct message message;

	if (slot->result >= 0 &&
		guarded_copy(&message, (const void *)slot->original[1], sizeof(message)) == 0)
		peers_show(message.control, message.control_length);
	return SLOT_DONE;
}

enum slot_action sockets_recvmsg(struct slot *slot)
{
	struct message *message = (struct message *)(void *)slot->bytes;

	if (guarded_copy(message, (const void *)slot->argument[1], sizeof(*message)) < 0)
		return answer(slot, -EFAULT);
	if (engine.identity.given && message->control != 0)
		slot->leave = leave_control;
	if (message->name == 0 || (int)message->name_length < 0)
		return SLOT_RUN;
	message->name = (unsigned long)take_address(slot);
	message->name_length = sizeof(struct address);
	slot->argument[1] = (unsigned long)message;
	slot->leave = leave_recvmsg;
	return SLOT_RUN;
}

enum { MESSAGES_MOST = 1024 };

/* How much room each of the messages has for a name; the kernel overwrites that with its length. */
static unsigned *rooms_of(struct slot *slot)
{
	_Static_assert(MESSAGES_MOST * sizeof(unsigned) <= sizeof(slot->bytes), "fits");
	return (unsigned *)(void *)slot->bytes;
}

static enum slot_action leave_recvmmsg(struct slot *slot)
{
	const unsigned *rooms = rooms_of(slot);

	for (long i = 0; i < slot->result; i++) {
		unsigned long at =
			slot->original[1] + (unsigned long)i * sizeof(struct counted_message);
		struct address *address = take_address(slot);
		struct message message;

		if (guarded_copy(&message, (const void *)at, sizeof(message)) < 0)
			return answer(slot, -EFAULT);
		/* One that was cut cannot be read any more. */
		if (message.name == 0 || message.name_length > rooms[i] ||
			message.name_length > sizeof(*address))
			continue;
		if (guarded_copy(address, (const void *)message.name, message.name_length) < 0)
			return answer(slot, -EFAULT);
		message.name_length = show_name(slot, address, message.name_length);
		if (give_address(address, message.name, rooms[i], message.name_length) < 0 ||
			guarded_copy((void *)at, &message, sizeof(message)) < 0)
			return answer(slot, -EFAULT);
	}
	return SLOT_DONE;
}

enum slot_action sockets_recvmmsg(struct slot *slot)
{
	unsigned *rooms = rooms_of(slot);
	bool named = false;

	/* No kernel takes more at once. */
	if ((unsigned)slot->argument[2] > MESSAGES_MOST)
		slot->argument[2] = MESSAGES_MOST;
	for (size_t i = 0; i < (unsigned)slot->argument[2]; i++) {
		unsigned long at = slot->argument[1] + i * sizeof(struct counted_message);
		struct message message;

		if (guarded_copy(&message, (const void *)at, sizeof(message)) < 0)
			return answer(slot, -EFAULT);
		rooms[i] = message.name != 0 ? message.name_length : 0;
		named = named || message.name != 0;
	}
	if (named)
		slot->leave = leave_recvmmsg;
	return SLOT_RUN;
}
