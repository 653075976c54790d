#include "guest/auxiliary.h"

#include <linux/auxvec.h>

struct auxiliary auxiliary_kept;

void auxiliary_keep(const void *vector)
{
	const struct auxiliary_entry *from = vector;
	struct auxiliary *kept = &auxiliary_kept;

	do {
		kept->entries[kept->count++] = *from;
	} while (kept->count < AUXILIARY_MOST && (from++)->type != AT_NULL);
}
