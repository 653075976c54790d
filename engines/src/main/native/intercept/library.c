#include "intercept/library.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/index.h"
#include "machine.h"

enum { ROOMS_MOST = 512 };

/* Where an image with room for its stubs behind it has been mapped. Rooms are never given back. */
struct room {
	const struct index_code *code; /* set last */
	unsigned long address;
};

static struct room rooms[ROOMS_MOST];
static size_t room_count;

static unsigned long page_up(unsigned long bytes)
{
	return (bytes + MACHINE_PAGE - 1) & ~(unsigned long)(MACHINE_PAGE - 1);
}

static size_t count(void)
{
	size_t known = __atomic_load_n(&room_count, __ATOMIC_ACQUIRE);

	return known < ROOMS_MOST ? known : ROOMS_MOST;
}

static bool has_room(const struct index_mapping *mapping)
{
	unsigned long image = index_stubs_of(mapping) - (mapping->code->high - mapping->code->low);
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		if (rooms[i].address == image &&
			__atomic_load_n(&rooms[i].code, __ATOMIC_ACQUIRE) == mapping->code)
			return true;
	}
	return false;
}

/* Room left behind by a library that is unmapped: its image fits where it was. */
static long map_into_old_room(const struct slot *slot, const struct index_code *code)
{
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		long got;

		if (__atomic_load_n(&rooms[i].code, __ATOMIC_ACQUIRE) != code)
			continue;
		got = sys_mmap(rooms[i].address, slot->argument[1], (int)slot->argument[2],
			(int)slot->argument[3] | MAP_FIXED_NOREPLACE, (int)slot->argument[4], 0);
		if (!sys_failed(got) && (unsigned long)got == rooms[i].address)
			return got;
		if (!sys_failed(got))
			sys_munmap((unsigned long)got, slot->argument[1]);
	}
	return -ENOENT;
}

static long map_with_room(const struct slot *slot, const struct index_code *code)
{
	unsigned long length = code->high - code->low;
	long got = map_into_old_room(slot, code);
	size_t index;

	if (!sys_failed(got))
		return got;
	index = __atomic_fetch_add(&room_count, 1, __ATOMIC_ACQ_REL);
	if (index >= ROOMS_MOST)
		return -ENOMEM;
	got = sys_mmap(slot->argument[0], length + code->stubs_length, (int)slot->argument[2],
		(int)slot->argument[3], (int)slot->argument[4], 0);
	if (sys_failed(got))
		return got;
	rooms[index].address = (unsigned long)got;
	__atomic_store_n(&rooms[index].code, code, __ATOMIC_RELEASE);
	return got;
}

/* Is this how a loader maps a whole image, where it likes? */
static bool is_image(const struct slot *slot, const struct index_code *code)
{
	return (slot->argument[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == 0 &&
	       slot->argument[5] == 0 && page_up(slot->argument[1]) == code->high - code->low;
}

static bool holds_code(const struct slot *slot)
{
	return (slot->argument[2] & PROT_EXEC) != 0;
}

/* A fixed place that the kernel would not complain about: nothing need be there first. */
static bool may_replace(const struct slot *slot)
{
	unsigned long unaligned = (unsigned long)MACHINE_PAGE - 1;

	return (slot->argument[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == MAP_FIXED &&
	       ((slot->argument[0] | slot->argument[5]) & unaligned) == 0 && slot->argument[1] > 0;
}

/* The guest's own mapping first, whose errors are the kernel's, and then the patched pages. */
static bool map_code(struct slot *slot, const struct index_code *code)
{
	struct index_mapping mapping = {
		.code = code,
		.length = page_up(slot->argument[1]),
		.offset = slot->argument[5],
		.protection = (int)slot->argument[2],
		.original = -1,
	};
	long file = index_open();
	long error = -ENOENT;
	long got;

	if (file < 0)
		return false;
	if (is_image(slot, code)) {
		got = map_with_room(slot, code);
	} else if (may_replace(slot)) {
		mapping.original = (int)slot->argument[4];
		got = (long)slot->argument[0];
	} else {
		got = sys_mmap(slot->argument[0], slot->argument[1], mapping.protection,
			(int)slot->argument[3], (int)slot->argument[4], (long)slot->argument[5]);
	}
	if (!sys_failed(got)) {
		mapping.address = (unsigned long)got;
		error = index_patch((int)file, &mapping, has_room(&mapping));
	}
	sys_close((int)file);
	slot->result = got;
	/* Not ours after all: what has been mapped goes, and is mapped as if there were no index.
	 */
	if (!sys_failed(got) && error < 0 && (slot->argument[3] & MAP_FIXED) == 0)
		sys_munmap((unsigned long)got, slot->argument[1]);
	return sys_failed(got) || error == 0;
}

bool library_mmap(struct slot *slot)
{
	unsigned long *argument = slot->argument;
	const struct index_code *code;
	enum index_answer answer;

	if (engine.index.path == NULL || engine.index.path[0] == '\0' ||
		(argument[3] & (MAP_ANONYMOUS | MAP_TYPE)) != MAP_PRIVATE ||
		(!holds_code(slot) && argument[5] != 0))
		return false;
	answer = index_find_open((int)argument[4], &code);
	if (answer == INDEX_CODE && holds_code(slot))
		return map_code(slot, code);
	if (answer == INDEX_CODE && is_image(slot, code)) {
		slot->result = map_with_room(slot, code);
		return !sys_failed(slot->result);
	}
	/* Nothing in it changes. */
	if (answer != INDEX_PLAIN || !holds_code(slot))
		return false;
	slot->result = sys_mmap(argument[0], argument[1], (int)argument[2], (int)argument[3],
		(int)argument[4], (long)argument[5]);
	return true;
}
