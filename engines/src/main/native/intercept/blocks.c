#include "intercept/blocks.h"

#include <linux/errno.h>

enum { BLOCKS_MOST = 4096 };

static struct block blocks[BLOCKS_MOST];
static size_t block_count;

int blocks_add(const struct block *block)
{
	size_t index = __atomic_fetch_add(&block_count, 1, __ATOMIC_ACQ_REL);

	if (index >= BLOCKS_MOST)
		return -ENOMEM;
	blocks[index] = *block;
	return 0;
}

static size_t count(void)
{
	size_t known = __atomic_load_n(&block_count, __ATOMIC_ACQUIRE);

	return known < BLOCKS_MOST ? known : BLOCKS_MOST;
}

bool blocks_cover(unsigned long address, size_t length)
{
	size_t known = count();

	for (size_t i = 0; i < known; i++) {
		if (address < blocks[i].high && address + length > blocks[i].low)
			return true;
	}
	return false;
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
	/* The youngest first: it may lie where an older mapping was. */
	for (size_t i = count(); i > 0; i--) {
		const struct block *block = &blocks[i - 1];

		if (address >= block->low && address < block->high && has_trap(block, address))
			return true;
	}
	return false;
}
