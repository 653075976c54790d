#include "extent.h"

#include "test/check.h"

/* Where code ends in a mapping that has its unwind tables behind the code, or elsewhere. */

enum { LENGTH = 0x10000, TABLE_AT = 0x8000, CODE = 0x400000 };

/* .eh_frame_hdr with the usual encodings, and the functions' distances from it. */
struct tables {
	unsigned char encodings[4];
	int frames;
	unsigned count;
	int entries[2][2];
};

static struct tables usual(int first, int last)
{
	return (struct tables){.encodings = {1, 0x1b, 0x03, 0x3b},
		.frames = 32,
		.count = 2,
		.entries = {{first, 64}, {last, 96}}};
}

static long extent(const struct tables *tables, unsigned long address)
{
	struct patch_code code = {.address = CODE,
		.length = LENGTH,
		.unwind = {.bytes = (const unsigned char *)tables,
			.address = address,
			.length = tables == NULL ? 0 : sizeof(*tables)}};

	return (long)extent_of_code(&code);
}

int main(void)
{
	struct tables before = usual(-0x7000, -0x100);
	struct tables after = usual(0x100, 0x7000);
	struct tables both = usual(-0x100, 0x7000);
	struct tables odd = before;
	struct tables empty = before;
	struct tables short_of_count = before;

	odd.encodings[3] = 0x1b;
	empty.count = 0;
	short_of_count.count = 3;
	check_number("functions before the tables", TABLE_AT, extent(&before, CODE + TABLE_AT));
	check_number("functions behind the tables", LENGTH, extent(&after, CODE + TABLE_AT));
	check_number("functions on both sides", LENGTH, extent(&both, CODE + TABLE_AT));
	check_number("tables behind the mapping", LENGTH, extent(&before, CODE + LENGTH));
	check_number("tables before the mapping", LENGTH, extent(&before, CODE - TABLE_AT));
	check_number("no tables", LENGTH, extent(NULL, 0));
	check_number("another encoding", LENGTH, extent(&odd, CODE + TABLE_AT));
	check_number("no functions", LENGTH, extent(&empty, CODE + TABLE_AT));
	check_number("count too high", LENGTH, extent(&short_of_count, CODE + TABLE_AT));
	return check_report("extent");
}
