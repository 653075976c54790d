#ifndef CORACLE_GUEST_AUXILIARY_H
#define CORACLE_GUEST_AUXILIARY_H

#include <stddef.h>

/* The auxiliary vector as the guest was given it; the kernel's own copy is the engine's. */
enum { AUXILIARY_MOST = 48 };

struct auxiliary_entry {
	unsigned long type;
	unsigned long value;
};

struct auxiliary {
	size_t count; /* with the AT_NULL at the end */
	struct auxiliary_entry entries[AUXILIARY_MOST];
};

extern struct auxiliary auxiliary_kept;

/* Before the guest's first instruction. */
void auxiliary_keep(const void *vector);

#endif
