#ifndef CORACLE_INTERCEPT_OWN_H
#define CORACLE_INTERCEPT_OWN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Which memory of a guest process is the engine's: its image with the slots, and what it has mapped
 * since. A guest that lists its mappings does not see it (guest/maps.c). The table is read from
 * other processes too, so it is plain data at an address that is the same in all of them.
 */
struct own_range {
	unsigned long low;
	unsigned long high;
};

enum { OWN_RANGES_MOST = 8192 };

struct own_table {
	size_t count; /* may have run past OWN_RANGES_MOST, and what is past it is not kept */
	struct own_range ranges[OWN_RANGES_MOST];
};

extern struct own_table own_table;

/* Safe from any thread. When the table is full the guest sees the rest: harmless, so no error. */
void own_add(unsigned long low, unsigned long high);

/*
 * The first part of `range` that is not the engine's, by a table of `count` ranges, goes into
 * `part`. False when there is none. Call again behind it for the next.
 */
bool own_leaves(const struct own_range *ranges, size_t count, const struct own_range *range,
	struct own_range *part);

/* The engine's image, as linked, with its slots. */
struct own_range own_image(void);

#endif
