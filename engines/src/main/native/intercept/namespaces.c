#include "intercept/namespaces.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/sched.h>

#include "base/sys.h"
#include "guest/here.h"
#include "rules/calls.h"

/* CLONE_NEWTIME is for unshare(2) alone: in the flags of clone(2) its bit is part of a signal. */
static const unsigned long new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
					    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
					    CLONE_NEWNET;
static const unsigned long shared =
	CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_SYSVSEM;

long namespaces_check(unsigned long flags)
{
	return (flags & new_namespaces) != 0 ? -EPERM : 0;
}

enum slot_action namespaces_unshare(struct slot *slot)
{
	unsigned long flags = slot->argument[0];
	unsigned long wanted = flags & (new_namespaces | CLONE_NEWTIME);

	if ((flags & CLONE_FS) != 0)
		here_apart();
	/* The kernel knows best what else is wrong. */
	if (wanted == 0 || (flags & ~(new_namespaces | CLONE_NEWTIME | shared)) != 0)
		return SLOT_RUN;
	slot->result = -EPERM;
	return SLOT_DONE;
}

enum slot_action namespaces_setns(struct slot *slot)
{
	long flags = sys_fcntl((int)slot->argument[0], F_GETFD, 0);

	slot->result = flags < 0 ? flags : -EPERM;
	return SLOT_DONE;
}
