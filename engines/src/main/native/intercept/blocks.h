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
	bool written; /* code of the guest's own making, not from a file */
	/* What goes with it when the code goes: its stubs and this very table. 0 when they stay. */
	unsigned long memory;
	size_t memory_size;
};

/* 0, or -ENOMEM when there have been too many. Safe from any thread. */
int blocks_add(const struct block *block);

/* Is just this block there already? So it is when a library comes back to where it was. */
bool blocks_have(const struct block *block);

/*
 * The code in this range is not there any more, and what was patched in it before `moment` is
 * forgotten, with its stubs. A range that is mapped anew meanwhile has younger blocks.
 */
unsigned long blocks_moment(void);
void blocks_remove(unsigned long address, size_t length, unsigned long moment);

/* Was any part of this range patched? */
bool blocks_cover(unsigned long address, size_t length);

/* The same, of code that came from a file. */
bool blocks_have_file(unsigned long address, size_t length);

/* The first part of this range that is code of a file, in `low` and `high`; false where there is
 * none. */
bool blocks_next_file(
	unsigned long address, size_t length, unsigned long *low, unsigned long *high);

/* Is there a trap at this address that stands for a system call? */
bool blocks_have_trap(unsigned long address);

#endif
