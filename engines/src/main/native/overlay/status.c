#include <linux/stat.h>
#include <asm/stat.h>

#include "intercept/guarded.h"
#include "overlay/calls.h"
#include "overlay/inodes.h"
#include "rules/calls.h"

/* fstat(2): after the owner has been set right, the inode number, by the host's own. */

static enum slot_action leave_fstat(struct slot *slot)
{
	const int descriptor = (int)slot->original[0];
	void *buffer = (void *)slot->original[1];
	struct stat status;

	if (slot->after != NULL)
		slot->after(slot);
	if (slot->result < 0 || guarded_copy(&status, buffer, sizeof(status)) < 0)
		return SLOT_DONE;
	inodes_show_stat(slot, &status, &descriptor);
	guarded_copy(buffer, &status, sizeof(status));
	return SLOT_DONE;
}

enum slot_action overlay_fstat(struct slot *slot)
{
	enum slot_action action = identity_fstat(slot);

	slot->after = slot->leave;
	slot->leave = leave_fstat;
	return action;
}
