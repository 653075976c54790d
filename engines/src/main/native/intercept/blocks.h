#ifndef CORACLE_INTERCEPT_BLOCKS_H
#define CORACLE_INTERCEPT_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

/* Which mappings were patched, and where in them a trap stands for a system call. */
struct block {
	unsigned long low;
	unsigned long high;
	const unsigned *traps; /* offsets from `low`, rising */
	size_t trap_count;
};

/* 0, or -ENOMEM when there have been too many. Safe from any thread. */
int blocks_add(const struct block *block);

/* Was any part of this range patched? */
bool blocks_cover(unsigned long address, size_t length);

/* Is there a trap at this address that stands for a system call? */
bool blocks_have_trap(unsigned long address);

#endif
