#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/shm.h>

#include "base/sys.h"
#include "intercept/blocks.h"
#include "intercept/engine.h"
#include "intercept/hold.h"
#include "intercept/library.h"
#include "intercept/patch.h"
#include "intercept/ring.h"
#include "intercept/trapping.h"
#include "machine.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/* Code that appears after the program has started: libraries, plug-ins, generated code. */

extern const char engine_begin[];
extern const char _end[];

/* personality(2) only tells what there is. */
static const unsigned query_personality = 0xffffffff;

static unsigned long engine_limit(void)
{
	return (unsigned long)_end;
}

static bool overlaps_engine(unsigned long address, unsigned long length)
{
	unsigned long begin = (unsigned long)engine_begin;

	return address < engine_limit() && (address + length > begin || address + length < address);
}

static bool is_trapping(void)
{
	return (engine.trapping & TRAPPING_ON) != 0;
}

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Data where code was: what is known of the code is not true any more. */
static long map_over(const unsigned long *argument)
{
	unsigned long moment = blocks_moment();
	long result = sys_mmap(argument[0], argument[1], (int)argument[2], (int)argument[3],
		(int)argument[4], (long)argument[5]);

	if (!sys_failed(result))
		blocks_remove(argument[0], argument[1], moment);
	return result;
}

enum slot_action memory_mmap(struct slot *slot)
{
	unsigned long *argument = slot->argument;
	int protection = (int)argument[2];
	int flags = (int)argument[3];

	if ((flags & MAP_FIXED) != 0) {
		if (overlaps_engine(argument[0], argument[1]))
			return answer(slot, -ENOMEM);
		hold_forget(argument[0], argument[1]);
	}
	if (ring_is_mapped(slot))
		return answer(slot, -EACCES);
	if (library_mmap(slot))
		return SLOT_DONE;
	if ((protection & PROT_EXEC) == 0 || (flags & MAP_ANONYMOUS) != 0)
		return (flags & MAP_FIXED) != 0 && blocks_cover(argument[0], argument[1])
			       ? answer(slot, map_over(argument))
			       : SLOT_RUN;
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

static long protect(const struct slot *slot, int protection)
{
	return raw_syscall((long)slot->number, (long)slot->argument[0], (long)slot->argument[1],
		protection, (long)slot->argument[3], 0, 0);
}

/*
 * Readable, so that it can be looked at, and not yet executable. What can be written while it is
 * executed is looked at as it is now; only mode F2 sees what comes later. On the stack there is
 * data around the code, and how much of it the kernel will take is not known here.
 */
static long make_executable(const struct slot *slot)
{
	unsigned long address = slot->argument[0];
	size_t length = slot->argument[1];
	int protection = (int)slot->argument[2] | PROT_READ;
	long result;

	if ((protection & (PROT_GROWSDOWN | PROT_GROWSUP)) != 0)
		return protect(slot, protection);
	hold_take(address, length);
	result = protect(slot, protection & ~PROT_EXEC);
	if (result == 0) {
		patch_written_code(address, length, protection);
		result = protect(slot, protection);
	}
	hold_drop();
	return result;
}

enum slot_action memory_mprotect(struct slot *slot)
{
	unsigned long address = slot->argument[0];
	unsigned long length = slot->argument[1];

	if (overlaps_engine(address, length))
		return answer(slot, -ENOMEM);
	if (((int)slot->argument[2] & PROT_EXEC) != 0 && !trapping_spares_sites())
		return answer(slot, make_executable(slot));
	hold_forget(address, length);
	return SLOT_RUN;
}

/*
 * Stubs go with the code that they belong to. The call is made here, for the gate would still need
 * the guest's stack, and a thread of musl's that ends takes just that away.
 */
static long unmap(unsigned long address, size_t length)
{
	unsigned long moment = blocks_moment();
	long result = sys_munmap(address, length);

	if (result == 0)
		blocks_remove(address, length, moment);
	return result;
}

/* The engine stays where it is, whatever else goes. */
enum slot_action memory_munmap(struct slot *slot)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	unsigned long begin = slot->argument[0];
	unsigned long end = begin + ((slot->argument[1] + page) & ~page);
	unsigned long engine_end = (engine_limit() + page) & ~page;

	if ((begin & page) != 0 || end <= begin)
		return SLOT_RUN;
	hold_forget(begin, end - begin);
	if (!overlaps_engine(begin, end - begin))
		return answer(slot, unmap(begin, end - begin));
	if (begin < (unsigned long)engine_begin)
		sys_munmap(begin, (unsigned long)engine_begin - begin);
	if (end > engine_end)
		sys_munmap(engine_end, end - engine_end);
	return answer(slot, 0);
}

/* Stubs know where their code lies, so what was patched cannot move; nor can the engine. */
enum slot_action memory_mremap(struct slot *slot)
{
	unsigned long from = slot->argument[0];
	size_t size = slot->argument[1];

	if (overlaps_engine(from, size) ||
		((slot->argument[3] & MREMAP_FIXED) != 0 &&
			overlaps_engine(slot->argument[4], slot->argument[2])))
		return answer(slot, -EINVAL);
	if ((slot->argument[3] & MREMAP_MAYMOVE) != 0 && blocks_cover(from, size))
		return answer(slot, -ENOMEM);
	hold_forget(from, size);
	return SLOT_RUN;
}

/* Patches in shared memory would reach processes that have no stubs for them. */
enum slot_action memory_shmat(struct slot *slot)
{
	if ((slot->argument[2] & SHM_EXEC) != 0 && !is_trapping())
		return answer(slot, -EACCES);
	return SLOT_RUN;
}

/* With READ_IMPLIES_EXEC the kernel would make code of data that nobody has looked at. */
enum slot_action memory_personality(struct slot *slot)
{
	if ((unsigned)slot->argument[0] != query_personality && !is_trapping())
		slot->argument[0] &= ~(unsigned long)READ_IMPLIES_EXEC;
	return SLOT_RUN;
}
