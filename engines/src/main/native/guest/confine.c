#include <linux/errno.h>
#include <linux/filter.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

#include "base/sys.h"
#include "guest/refused.h"
#include "intercept/engine.h"
#include "intercept/filter.h"
#include "intercept/guarded.h"
#include "intercept/trapping.h"
#include "rules/calls.h"

/*
 * A guest that confines itself, by prctl(2) and seccomp(2). Its filters must not stop the engine,
 * and it must not see what the engine has asked of the kernel for mode F2.
 */

/* linux/prctl.h of older systems lacks it. */
enum { SET_SYSCALL_USER_DISPATCH = 59 };

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

static enum slot_action leave_filter(struct slot *slot)
{
	sys_munmap((unsigned long)slot->note[0], (size_t)slot->note[1]);
	if (slot->result >= 0)
		engine.trapping |= GUEST_FILTER | GUEST_FILTERS;
	return SLOT_DONE;
}

/* Puts a copy of the guest's filter, behind our front, in place of the third argument. */
static enum slot_action wrap_filter(struct slot *slot)
{
	struct sock_fprog *program = (struct sock_fprog *)(void *)slot->bytes;
	struct filter filter = {.length = 0};
	size_t size;
	long mapped;

	/* What is wrong with these the kernel knows best. */
	if (guarded_copy(program, (const void *)slot->argument[2], sizeof(*program)) < 0 ||
		program->len == 0 || program->len > BPF_MAXINSNS)
		return SLOT_RUN;
	/* Without our own no_new_privs the kernel would have said this. */
	if (trapping_hides_no_new_privileges())
		return answer(slot, -EACCES);
	filter.most = (size_t)program->len + FILTER_FRONT;
	size = filter.most * sizeof(struct sock_filter);
	mapped = sys_mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sys_failed(mapped))
		return answer(slot, -ENOMEM);
	filter.code = (struct sock_filter *)mapped;
	trapping_put_front(&filter);
	slot->note[0] = mapped;
	slot->note[1] = (long)size;
	if (guarded_copy(filter.code + filter.length, program->filter,
		    program->len * sizeof(struct sock_filter)) < 0) {
		sys_munmap((unsigned long)mapped, size);
		return answer(slot, -EFAULT);
	}
	program->len = (unsigned short)(program->len + filter.length);
	program->filter = filter.code;
	slot->argument[2] = (unsigned long)program;
	slot->leave = leave_filter;
	return SLOT_RUN;
}

/* Of the guest's own programs the engine keeps that promise itself. */
static enum slot_action leave_set_privileges(struct slot *slot)
{
	bool wrong = slot->argument[1] != 1 || slot->argument[2] != 0 || slot->argument[3] != 0 ||
		     slot->argument[4] != 0;

	if (refused_by_host(slot))
		slot->result = wrong ? -EINVAL : 0;
	if (slot->result == 0)
		engine.trapping |= GUEST_PRIVILEGES;
	return SLOT_DONE;
}

static enum slot_action leave_get_privileges(struct slot *slot)
{
	if (slot->result == 1 && trapping_hides_no_new_privileges())
		slot->result = 0;
	if (slot->result == 0 && (engine.trapping & GUEST_PRIVILEGES) != 0)
		slot->result = 1;
	return SLOT_DONE;
}

static enum slot_action leave_get_mode(struct slot *slot)
{
	if (slot->result > 0 && (engine.trapping & GUEST_FILTER) == 0)
		slot->result = 0;
	return SLOT_DONE;
}

enum slot_action confine_prctl(struct slot *slot)
{
	switch (slot->argument[0]) {
	case PR_SET_NAME:
		return refused_set_name(slot);
	case PR_SET_PDEATHSIG:
		return refused_set_death(slot);
	case PR_GET_PDEATHSIG:
		return refused_get_death(slot);
	case PR_SET_SECCOMP:
		return slot->argument[1] == SECCOMP_MODE_FILTER ? wrap_filter(slot) : SLOT_RUN;
	case PR_GET_SECCOMP:
		if ((engine.trapping & TRAPPING_ON) != 0)
			slot->leave = leave_get_mode;
		return SLOT_RUN;
	case PR_SET_NO_NEW_PRIVS:
		slot->leave = leave_set_privileges;
		return SLOT_RUN;
	case PR_GET_NO_NEW_PRIVS:
		slot->leave = leave_get_privileges;
		return SLOT_RUN;
	case SET_SYSCALL_USER_DISPATCH:
		/* It would stop the engine's calls; a kernel without it answers so. */
		return answer(slot, -EINVAL);
	default:
		return identity_prctl(slot);
	}
}

enum slot_action confine_seccomp(struct slot *slot)
{
	return slot->argument[0] == SECCOMP_SET_MODE_FILTER ? wrap_filter(slot) : SLOT_RUN;
}
