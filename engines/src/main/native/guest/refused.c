#include "guest/refused.h"

#include <linux/errno.h>
#include <linux/prctl.h>

#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/thread_name.h"

enum { SIGNAL_MOST = 64 };

/* What the thread asked for, and in which process: a child does not inherit it. */
static struct {
	int process;
	int signal;
} death;

bool refused_by_host(const struct slot *slot)
{
	return slot->result == -EPERM && (engine.trapping & GUEST_FILTERS) == 0;
}

static enum slot_action leave_set_name(struct slot *slot)
{
	char name[THREAD_NAME_MOST + 1] = "";

	if (!refused_by_host(slot))
		return SLOT_DONE;
	slot->result = -EFAULT;
	if (guarded_copy_string(name, (const char *)slot->argument[1], THREAD_NAME_MOST) >= 0)
		slot->result = thread_name_set(name);
	return SLOT_DONE;
}

enum slot_action refused_set_name(struct slot *slot)
{
	slot->leave = leave_set_name;
	return SLOT_RUN;
}

/*
 * The signal for the death of the parent is remembered and not sent: nobody tells of it. What it is
 * wanted for is that nothing stays behind, and the end of the run sees to that.
 */
static enum slot_action leave_set_death(struct slot *slot)
{
	if (!refused_by_host(slot))
		return SLOT_DONE;
	slot->result = slot->argument[1] > SIGNAL_MOST ? -EINVAL : 0;
	if (slot->result == 0) {
		death.process = (int)sys_getpid();
		death.signal = (int)slot->argument[1];
	}
	return SLOT_DONE;
}

enum slot_action refused_set_death(struct slot *slot)
{
	slot->leave = leave_set_death;
	return SLOT_RUN;
}

static enum slot_action leave_get_death(struct slot *slot)
{
	if (slot->result == 0 && death.signal != 0 && death.process == sys_getpid() &&
		guarded_copy((void *)slot->argument[1], &death.signal, sizeof(death.signal)) < 0)
		slot->result = -EFAULT;
	return SLOT_DONE;
}

enum slot_action refused_get_death(struct slot *slot)
{
	slot->leave = leave_get_death;
	return SLOT_RUN;
}
