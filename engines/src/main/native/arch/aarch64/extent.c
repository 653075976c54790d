#include "extent.h"

#include <stdbool.h>

#include "base/mem.h"

/* .eh_frame_hdr in the only form that linkers write: a sorted table of offsets from its beginning.
 */
struct unwind_header {
	unsigned char version;
	unsigned char frames_encoding;
	unsigned char count_encoding;
	unsigned char table_encoding;
	int frames;
	unsigned count;
};

struct unwind_entry {
	int function;
	int frame;
};

enum { VERSION = 1, UDATA4 = 0x03, DATAREL_SDATA4 = 0x3b };

/* Is the last function of the table, and so every one, before the table? */
static bool functions_come_first(const struct patch_table *unwind)
{
	struct unwind_header header;
	struct unwind_entry last;
	size_t room = (unwind->length - sizeof(header)) / sizeof(last);

	if (unwind->length < sizeof(header))
		return false;
	memcpy(&header, unwind->bytes, sizeof(header));
	if (header.version != VERSION || header.count_encoding != UDATA4 ||
		header.table_encoding != DATAREL_SDATA4 || header.count == 0 || header.count > room)
		return false;
	memcpy(&last, unwind->bytes + sizeof(header) + (header.count - 1) * sizeof(last),
		sizeof(last));
	return last.function < 0;
}

size_t extent_of_code(const struct patch_code *code)
{
	unsigned long offset = code->unwind.address - code->address;

	if (code->unwind.address < code->address || offset >= code->length ||
		!functions_come_first(&code->unwind))
		return code->length;
	return offset;
}
