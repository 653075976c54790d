#include "gate.h"

#include <linux/errno.h>
#include <linux/net.h>
#include <linux/sched.h>

#include "base/mem.h"
#include "calls.h"
#include "compat.h"
#include "intercept/dispatch.h"
#include "intercept/guarded.h"
#include "rules/numbers.h"
#include "syscall.h"

/*
 * A 32-bit call becomes the 64-bit one that it is like, and goes the way of that through the rules.
 * What the kernel is to do then is done here, by the 64-bit call; but what may wait for somebody is
 * made by the gate, where signals can come, as a 32-bit call: only that can begin again after a
 * 32-bit handler.
 */

enum { NARROW_OPEN = 5, NARROW_CREAT = 8, NARROW_SOCKETS = 102, NARROW_OPENAT = 295 };
enum { NARROW_OPENAT2 = 437, NARROW_CLONE = 120 };

/* In the room that gate.S has for registers: the frame as it came, and arguments of socketcall(2).
 */
struct saved {
	struct compat_frame frame;
	unsigned words[6];
	bool lent; /* the program's stack is a vfork child's for a while */
};

_Static_assert(sizeof(struct saved) <= sizeof(((struct slot *)0)->saved), "fits");

static struct saved *saved_of(struct slot *slot)
{
	return (struct saved *)(void *)slot->saved;
}

static struct compat_frame *frame_of(const struct slot *slot)
{
	return (struct compat_frame *)slot->stack;
}

/* A 32-bit call that takes the same in the same layout, 0 for none. */
static unsigned long narrow_number(unsigned long number)
{
	switch (number) {
	case __NR_open:
		return NARROW_OPEN;
	case __NR_creat:
		return NARROW_CREAT;
	case __NR_openat:
		return NARROW_OPENAT;
	case __NR_openat2:
		return NARROW_OPENAT2;
	default:
		return 0;
	}
}

static unsigned socket_word(unsigned long number)
{
	switch (number) {
	case __NR_connect:
		return SYS_CONNECT;
	case __NR_accept:
		return SYS_ACCEPT;
	case __NR_accept4:
		return SYS_ACCEPT4;
	case __NR_sendto:
		return SYS_SENDTO;
	case __NR_recvfrom:
		return SYS_RECVFROM;
	/* Only as sockets.c has made them, of 32 bits. */
	case __NR_sendmsg:
		return SYS_SENDMSG;
	case __NR_recvmsg:
		return SYS_RECVMSG;
	default:
		return 0;
	}
}

/* The gate's call, in a slot whose `number` and arguments later steps find again. */
static bool may_wait(struct slot *slot)
{
	struct saved *saved = saved_of(slot);
	unsigned long number = narrow_number(slot->number);
	unsigned word = socket_word(slot->number);

	if (number != 0)
		slot->number = number;
	if (word == 0)
		return number != 0;
	for (size_t i = 0; i < 6; i++)
		saved->words[i] = (unsigned)slot->argument[i];
	slot->number = NARROW_SOCKETS;
	slot->argument[0] = word;
	slot->argument[1] = (unsigned long)saved->words;
	return true;
}

unsigned long compat_blocked(const struct slot *slot)
{
	return frame_of(slot)->mask;
}

long compat_repeat(const struct slot *slot)
{
	return compat_call(slot->compat_number, slot->argument);
}

static long run(struct slot *slot)
{
	const unsigned long *argument = slot->argument;

	if (slot->compat_narrow)
		return compat_repeat(slot);
	return raw_syscall((long)slot->number, (long)argument[0], (long)argument[1],
		(long)argument[2], (long)argument[3], (long)argument[4], (long)argument[5]);
}

/* A new thread or process: one with a stack of its own finds a frame there. */
static int bear(struct slot *slot, bool shares)
{
	struct saved *saved = saved_of(slot);
	unsigned long top = slot->original[1];
	struct compat_frame frame = *frame_of(slot);

	memcpy(slot->argument, slot->original, sizeof(slot->argument));
	slot->number = slot->compat_number;
	saved->lent = shares;
	/* A child that the tracer is not told of would be without a net. */
	if (slot->number == NARROW_CLONE)
		slot->argument[0] &= ~(unsigned long)CLONE_UNTRACED;
	if (slot->number != NARROW_CLONE || top == 0)
		return shares ? COMPAT_SHARE : COMPAT_FORK;
	top = (top - sizeof(frame)) & 0xffffffff;
	frame.rax = 0;
	saved->lent = false;
	slot->argument[1] = top;
	/* The kernel would find out when the child has begun. */
	if (guarded_copy((void *)top, &frame, sizeof(frame)) < 0) {
		slot->result = -EFAULT;
		return compat_leave(slot);
	}
	return shares ? COMPAT_SHARE : COMPAT_FORK;
}

static int settle(struct slot *slot, enum slot_action action)
{
	while (action == SLOT_RUN) {
		if (slot->number == __NR_execve)
			return COMPAT_EXECUTE;
		if (may_wait(slot))
			return COMPAT_ASK;
		slot->result = run(slot);
		action = slot->leave != NULL ? intercept_leave(slot) : SLOT_DONE;
	}
	switch (action) {
	case SLOT_PASS:
		return COMPAT_OWN;
	case SLOT_FORK:
		return bear(slot, false);
	case SLOT_VFORK:
	case SLOT_THREAD:
		return bear(slot, true);
	case SLOT_DONE:
	case SLOT_RUN:
	default:
		frame_of(slot)->rax = (unsigned)slot->result;
		return COMPAT_BACK;
	}
}

static enum slot_action decide(struct slot *slot, const struct compat_row *row)
{
	switch ((enum compat_kind)row->kind) {
	case COMPAT_PASS:
		return SLOT_PASS;
	case COMPAT_SAME:
	case COMPAT_NARROW:
		slot->compat_narrow = row->kind == COMPAT_NARROW;
		slot->number = row->twin;
		return intercept_enter(slot);
	case COMPAT_RANGE:
	case COMPAT_CALL:
		return row->call(slot);
	case COMPAT_REFUSE:
	default:
		slot->result = -row->error;
		return SLOT_DONE;
	}
}

int compat_enter(struct slot *slot)
{
	const struct compat_frame *frame = frame_of(slot);
	const unsigned long argument[6] = {
		frame->rbx, frame->rcx, frame->rdx, frame->rsi, frame->rdi, frame->rbp};
	struct saved *saved = saved_of(slot);

	saved->frame = *frame;
	saved->lent = false;
	memcpy(slot->argument, argument, sizeof(argument));
	memcpy(slot->original, argument, sizeof(argument));
	slot->resume = frame->resume;
	slot->compat_number = (unsigned)frame->rax;
	slot->compat_narrow = false;
	return settle(slot, decide(slot, compat_row_of(slot->compat_number)));
}

int compat_leave(struct slot *slot)
{
	struct saved *saved = saved_of(slot);

	if (saved->lent && slot->result != 0)
		*frame_of(slot) = saved->frame;
	saved->lent = false;
	return settle(slot, slot->leave != NULL ? intercept_leave(slot) : SLOT_DONE);
}
