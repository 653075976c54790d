#include <linux/errno.h>
#include <linux/mman.h>

#include "base/sys.h"
#include "intercept/patch.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/* Code that appears after the program has started: libraries, plug-ins, generated code. */

extern const char engine_begin[];

static bool overlaps_engine(unsigned long address, unsigned long length)
{
	unsigned long begin = (unsigned long)engine_begin;
	unsigned long end = (unsigned long)slot_pool + sizeof(slot_pool);

	return address < end && address + length > begin;
}

enum slot_action memory_mmap(struct slot *slot)
{
	unsigned long *argument = slot->argument;
	int protection = (int)argument[2];
	int flags = (int)argument[3];

	if ((flags & MAP_FIXED) != 0 && overlaps_engine(argument[0], argument[1])) {
		slot->result = -ENOMEM;
		return SLOT_DONE;
	}
	if ((protection & PROT_EXEC) == 0 || (flags & MAP_ANONYMOUS) != 0)
		return SLOT_RUN;
	/* Patches must not reach the file, and a guest does not change code that it also executes.
	 */
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		flags = (flags & ~MAP_TYPE) | MAP_PRIVATE;
	slot->result = sys_mmap(
		argument[0], argument[1], protection, flags, (int)argument[4], (long)argument[5]);
	if (!sys_failed(slot->result))
		patch_mapping((unsigned long)slot->result, argument[1], protection,
			(int)argument[4], argument[5]);
	return SLOT_DONE;
}

enum slot_action memory_mprotect(struct slot *slot)
{
	unsigned long address = slot->argument[0];
	unsigned long length = slot->argument[1];
	int protection = (int)slot->argument[2];

	if ((protection & PROT_EXEC) == 0 || (protection & PROT_WRITE) != 0)
		return SLOT_RUN;
	if (overlaps_engine(address, length)) {
		slot->result = -ENOMEM;
		return SLOT_DONE;
	}
	slot->result = raw_syscall((long)slot->number, (long)address, (long)length, protection,
		(long)slot->argument[3], 0, 0);
	if (slot->result == 0)
		patch_written_code(address, length, protection);
	return SLOT_DONE;
}
