#include "intercept/blocks.h"

#include <linux/errno.h>

#include "base/sys.h"

enum { BLOCKS_MOST = 4096 };

/* A place is free again once its code is gone; nobody reads it unless it is live. */
enum place_state { PLACE_FREE, PLACE_CHANGING, PLACE_LIVE };

/* Side by side: a process has a few, and one page holds all there is to know of them. */
static struct {
	struct block block;
	unsigned long moment;
	unsigned char state;
} places[BLOCKS_MOST];

static size_t block_count;
static unsigned long moment_now;

static size_t count(void)
{
	size_t known = __atomic_load_n(&block_count, __ATOMIC_ACQUIRE);

	return known < BLOCKS_MOST ? known : BLOCKS_MOST;
}

static bool is_live(size_t index)
{
	return __atomic_load_n(&places[index].state, __ATOMIC_ACQUIRE) == PLACE_LIVE;
}

static bool take(size_t index, unsigned char from)
{
	return __atomic_compare_exchange_n(&places[index].state, &from, PLACE_CHANGING, false,
		__ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

bool blocks_have(const struct block *block)
{
	for (size_t i = count(); i > 0; i--) {
		const struct block *known = &places[i - 1].block;

		if (is_live(i - 1) && known->low == block->low && known->high == block->high &&
			known->traps == block->traps && known->trap_count == block->trap_count)
			return true;
	}
	return false;
}

/* One that was used before, or a new one. */
static size_t take_place(void)
{
	size_t known = count();
	size_t index;

	for (size_t i = 0; i < known; i++) {
		if (take(i, PLACE_FREE))
			return i;
	}
	do {
		index = __atomic_fetch_add(&block_count, 1, __ATOMIC_ACQ_REL);
	} while (index < BLOCKS_MOST && !take(index, PLACE_FREE));
	return index;
}

int blocks_add(const struct block *block)
{
	size_t index;

	if (blocks_have(block))
		return 0;
	index = take_place();
	if (index >= BLOCKS_MOST)
		return -ENOMEM;
	places[index].block = *block;
	places[index].moment = __atomic_add_fetch(&moment_now, 1, __ATOMIC_ACQ_REL);
	__atomic_store_n(&places[index].state, PLACE_LIVE, __ATOMIC_RELEASE);
	return 0;
}

unsigned long blocks_moment(void)
{
	return __atomic_load_n(&moment_now, __ATOMIC_ACQUIRE);
}

void blocks_remove(unsigned long address, size_t length, unsigned long moment)
{
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		struct block *block = &places[i].block;

		if (!is_live(i) || block->memory == 0 || places[i].moment > moment ||
			block->low < address || block->high > address + length ||
			!take(i, PLACE_LIVE))
			continue;
		sys_munmap(block->memory, block->memory_size);
		__atomic_store_n(&places[i].state, PLACE_FREE, __ATOMIC_RELEASE);
	}
}

static bool overlaps(const struct block *block, unsigned long address, size_t length)
{
	return address < block->high && address + length > block->low;
}

bool blocks_cover(unsigned long address, size_t length)
{
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		if (is_live(i) && overlaps(&places[i].block, address, length))
			return true;
	}
	return false;
}

bool blocks_have_file(unsigned long address, size_t length)
{
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		if (is_live(i) && !places[i].block.written &&
			overlaps(&places[i].block, address, length))
			return true;
	}
	return false;
}

bool blocks_next_file(unsigned long address, size_t length, unsigned long *low, unsigned long *high)
{
	size_t known = count();
	bool found = false;

	for (size_t i = 0; i < known; i++) {
		const struct block *block = &places[i].block;

		if (!is_live(i) || block->written || !overlaps(block, address, length) ||
			(found && block->low >= *low))
			continue;
		*low = block->low;
		*high = block->high;
		found = true;
	}
	return found;
}

static bool has_trap(const struct block *block, unsigned long address)
{
	size_t low = 0;
	size_t high = block->trap_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (block->low + block->traps[middle] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < block->trap_count && block->low + block->traps[low] == address;
}

bool blocks_have_trap(unsigned long address)
{
	for (size_t i = count(); i > 0; i--) {
		const struct block *block = &places[i - 1].block;

		if (is_live(i - 1) && address >= block->low && address < block->high &&
			has_trap(block, address))
			return true;
	}
	return false;
}
