#include <linux/errno.h>
#include <linux/net.h>
#include <linux/socket.h>

#include "base/mem.h"
#include "calls.h"
#include "guest/socket_call.h"
#include "intercept/dispatch.h"
#include "intercept/guarded.h"
#include "rules/numbers.h"

/* Sockets: one call for all of them, and messages, whose layout differs. */

enum { MESSAGES_MOST = 1024 };

/* struct msghdr where a long has 32 bits. */
struct narrow_message {
	unsigned name;
	unsigned name_length;
	unsigned pieces;
	unsigned piece_count;
	unsigned control;
	unsigned control_length;
	unsigned flags;
};

struct narrow_counted {
	struct narrow_message message;
	unsigned length;
};

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/*
 * One message: the engine looks at a copy of 64 bits that holds nothing but the name, and what it
 * makes of that goes into one of 32 bits for the kernel, whose arrays stay where they are.
 */
struct exchange {
	struct message wide;
	struct narrow_message narrow;
	unsigned long guest; /* where the program has it */
	enum slot_action (*leave)(struct slot *slot);
};

_Static_assert(sizeof(struct exchange) <= sizeof(((struct slot *)0)->exec), "fits");

/* Calls on sockets execute nothing. */
static struct exchange *exchange_of(struct slot *slot)
{
	return (struct exchange *)(void *)&slot->exec;
}

/* -errno, or whether the engine has to do with it. */
static long begin(struct slot *slot, unsigned long number, unsigned long at)
{
	struct exchange *exchange = exchange_of(slot);
	const struct message *made;

	if (guarded_copy(&exchange->narrow, (const void *)at, sizeof(exchange->narrow)) < 0)
		return -EFAULT;
	if (exchange->narrow.name == 0)
		return 0;
	exchange->guest = at;
	exchange->wide = (struct message){
		.name = exchange->narrow.name, .name_length = exchange->narrow.name_length};
	slot->number = number;
	slot->argument[1] = (unsigned long)&exchange->wide;
	memcpy(slot->original, slot->argument, sizeof(slot->original));
	if (intercept_enter(slot) != SLOT_RUN)
		return slot->result < 0 ? slot->result : 0;
	made = (const struct message *)slot->argument[1];
	exchange->narrow.name = (unsigned)made->name;
	exchange->narrow.name_length = made->name_length;
	exchange->leave = slot->leave;
	slot->argument[1] = (unsigned long)&exchange->narrow;
	return 1;
}

static enum slot_action send(struct slot *slot, unsigned long at)
{
	long wanted;

	slot->result = 0;
	wanted = begin(slot, __NR_sendmsg, at);
	if (wanted < 0)
		return answer(slot, wanted);
	return wanted > 0 ? SLOT_RUN : SLOT_PASS;
}

static enum slot_action leave_counted(struct slot *slot)
{
	struct exchange *exchange = exchange_of(slot);
	unsigned sent = (unsigned)slot->result;
	enum slot_action action = exchange->leave(slot);

	if (slot->result < 0)
		return action;
	if (guarded_copy((void *)(exchange->guest + offsetof(struct narrow_counted, length)), &sent,
		    sizeof(sent)) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, 1);
}

/* It may send fewer than it is given: of several that name anything just the first. */
static enum slot_action send_many(
	struct slot *slot, unsigned long at, unsigned long count, unsigned long flags)
{
	struct narrow_counted one;
	bool named = false;
	enum slot_action action;

	for (size_t i = 0; i < count && i < MESSAGES_MOST && !named; i++) {
		if (guarded_copy(&one, (const void *)(at + i * sizeof(one)), sizeof(one)) < 0)
			return answer(slot, -EFAULT);
		named = one.message.name != 0;
	}
	if (!named)
		return SLOT_PASS;
	slot->argument[2] = flags;
	slot->argument[3] = 0;
	action = send(slot, at);
	if (action != SLOT_RUN)
		return action;
	slot->leave = leave_counted;
	return action;
}

static enum slot_action leave_received(struct slot *slot)
{
	struct exchange *exchange = exchange_of(slot);
	struct message *made = (struct message *)(void *)slot->bytes;
	unsigned name;
	enum slot_action action;

	made->name_length = exchange->narrow.name_length;
	made->control_length = 0;
	action = exchange->leave(slot);
	if (slot->result < 0)
		return action;
	if (guarded_copy(&name, (const void *)exchange->guest, sizeof(name)) < 0)
		return answer(slot, -EFAULT);
	exchange->narrow.name = name;
	exchange->narrow.name_length = exchange->wide.name_length;
	if (guarded_copy((void *)exchange->guest, &exchange->narrow, sizeof(exchange->narrow)) < 0)
		return answer(slot, -EFAULT);
	return action;
}

static enum slot_action receive(struct slot *slot, unsigned long at)
{
	long wanted;

	slot->result = 0;
	wanted = begin(slot, __NR_recvmsg, at);
	if (wanted < 0)
		return answer(slot, wanted);
	if (wanted == 0)
		return SLOT_PASS;
	slot->leave = leave_received;
	return SLOT_RUN;
}

enum slot_action compat_sendmsg(struct slot *slot)
{
	return send(slot, slot->argument[1]);
}

enum slot_action compat_sendmmsg(struct slot *slot)
{
	return send_many(slot, slot->argument[1], slot->argument[2], slot->argument[3]);
}

enum slot_action compat_recvmsg(struct slot *slot)
{
	return receive(slot, slot->argument[1]);
}

struct socket_row {
	unsigned char words;
	unsigned short twin;
};

/* Those that have to do with names; of the others none takes any. */
static const struct socket_row named[] = {
	[SYS_BIND] = {3, __NR_bind},
	[SYS_CONNECT] = {3, __NR_connect},
	[SYS_ACCEPT] = {3, __NR_accept},
	[SYS_GETSOCKNAME] = {3, __NR_getsockname},
	[SYS_GETPEERNAME] = {3, __NR_getpeername},
	[SYS_SENDTO] = {6, __NR_sendto},
	[SYS_RECVFROM] = {6, __NR_recvfrom},
	[SYS_GETSOCKOPT] = {5, __NR_getsockopt},
	[SYS_ACCEPT4] = {4, __NR_accept4},
	[SYS_SENDMSG] = {3, 0},
	[SYS_RECVMSG] = {3, 0},
	[SYS_SENDMMSG] = {4, 0},
};

enum slot_action compat_socketcall(struct slot *slot)
{
	unsigned long which = slot->argument[0];
	const struct socket_row *row;
	unsigned words[6];

	if (which >= sizeof(named) / sizeof(named[0]) || named[which].words == 0)
		return which <= SYS_SENDMMSG ? SLOT_PASS : answer(slot, -EINVAL);
	row = &named[which];
	if (guarded_copy(words, (const void *)slot->argument[1], row->words * sizeof(words[0])) < 0)
		return answer(slot, -EFAULT);
	for (size_t i = 0; i < 6; i++) {
		slot->argument[i] = i < row->words ? words[i] : 0;
		slot->original[i] = slot->argument[i];
	}
	if (which == SYS_SENDMSG)
		return compat_sendmsg(slot);
	if (which == SYS_SENDMMSG)
		return compat_sendmmsg(slot);
	if (which == SYS_RECVMSG)
		return compat_recvmsg(slot);
	slot->number = row->twin;
	return intercept_enter(slot);
}
