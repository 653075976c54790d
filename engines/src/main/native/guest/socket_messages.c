#include <linux/errno.h>

#include "base/mem.h"
#include "guest/peers.h"
#include "guest/socket_call.h"
#include "intercept/guarded.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/* Messages that are sent: each may name a socket, and say who sends it. */

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

enum slot_action sockets_sendmsg(struct slot *slot)
{
	struct address *room = (struct address *)(void *)slot->first_host;
	struct message *message = (struct message *)(void *)slot->bytes;
	struct message copy;
	int opened;
	long hidden;
	long error;

	if (guarded_copy(&copy, (const void *)slot->argument[1], sizeof(copy)) < 0)
		return answer(slot, -EFAULT);
	hidden = peers_hide(slot, &copy.control, copy.control_length);
	if (hidden < 0)
		return answer(slot, hidden);
	error = sockets_translate(slot, &copy.name, &copy.name_length, room, &opened);
	if (error < 0)
		return answer(slot, error);
	slot->note[0] = opened;
	if (copy.name != (unsigned long)room && hidden == 0)
		return SLOT_RUN;
	memcpy(message, &copy, sizeof(copy));
	slot->argument[1] = (unsigned long)message;
	slot->leave = sockets_close_opened;
	return SLOT_RUN;
}

static enum slot_action leave_sendmmsg(struct slot *slot)
{
	unsigned sent = (unsigned)slot->result;

	sockets_close_opened(slot);
	if (slot->result < 0)
		return SLOT_DONE;
	if (guarded_copy((void *)(slot->original[1] + offsetof(struct counted_message, sent)),
		    &sent, sizeof(sent)) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, 1);
}

/*
 * sendmmsg(2) may send fewer messages than it is given, so a call that holds a path sends just the
 * first; one without any passes.
 */
enum slot_action sockets_sendmmsg(struct slot *slot)
{
	struct counted_message one;
	bool named = false;

	for (size_t i = 0; i < (unsigned)slot->argument[2] && i < 1024 && !named; i++) {
		unsigned long at = slot->argument[1] + i * sizeof(one);

		if (guarded_copy(&one, (const void *)at, sizeof(one)) < 0)
			return answer(slot, -EFAULT);
		named = one.message.name != 0;
	}
	if (!named)
		return SLOT_RUN;
	slot->argument[2] = 1;
	if (guarded_copy(&one, (const void *)slot->argument[1], sizeof(one)) < 0)
		return answer(slot, -EFAULT);
	if (sockets_sendmsg(slot) == SLOT_DONE)
		return SLOT_DONE;
	if (slot->argument[1] == slot->original[1])
		return SLOT_RUN;
	slot->number = __NR_sendmsg;
	slot->argument[2] = slot->original[3];
	slot->leave = leave_sendmmsg;
	return SLOT_RUN;
}
