#include "pads.h"

#include <stdbool.h>

#include "decode.h"

/* How far a short jump leads from its own beginning, and the longest padding that is looked at. */
enum { REACH_BACK = 126, REACH_FORTH = 129, PADDING_MOST = 64 };

enum { NOP = 0x90, BREAK = 0xcc, NOP_MAP = 1, NOP_OPCODE = 0x1f };

/* The length of an instruction that does nothing, or 0. */
static unsigned long padding_length(const unsigned char *bytes, unsigned long room)
{
	struct decoded decoded;
	int length;

	if (bytes[0] == BREAK)
		return 1;
	length = decode_length(bytes, room, &decoded);
	if (length <= 0)
		return 0;
	if (decoded.opcode_map == NOP_MAP && decoded.opcode == NOP_OPCODE)
		return (unsigned long)length;
	return decoded.opcode_map == 0 && decoded.opcode == NOP && decoded.rex == 0
		       ? (unsigned long)length
		       : 0;
}

/* Between two functions lies padding and nothing else. */
static bool is_padding(
	const struct memory_range *code, unsigned long address, unsigned long next_function)
{
	unsigned long at = address - code->address;
	unsigned long end = next_function - code->address;

	if (address < code->address || end > code->length || next_function < address + PAD_BYTES ||
		next_function - address > PADDING_MOST)
		return false;
	while (at < end) {
		unsigned long length = padding_length(code->bytes + at, end - at);

		if (length == 0 || length > end - at)
			return false;
		at += length;
	}
	return true;
}

static unsigned long find_forth(const struct memory_range *code, const struct functions *functions,
	struct function function, unsigned long site)
{
	unsigned long before = site;

	for (;;) {
		unsigned long end = function.start + function.length;

		/* In a broken table the ways may not lead on. */
		if (end <= before || end > site + REACH_FORTH ||
			functions_next(functions, end, &function) < 0 || function.start < end)
			return 0;
		if (is_padding(code, end, function.start))
			return end;
		before = end;
	}
}

static unsigned long find_back(const struct memory_range *code, const struct functions *functions,
	struct function function, unsigned long site)
{
	for (;;) {
		unsigned long start = function.start;
		unsigned long end;

		if (functions_previous(functions, start, &function) < 0 || function.start >= start)
			return 0;
		end = function.start + function.length;
		if (end + REACH_BACK < site || end > start)
			return 0;
		if (is_padding(code, end, start))
			return end;
	}
}

unsigned long pads_find(
	const struct memory_range *code, const struct functions *functions, unsigned long site)
{
	struct function function;
	unsigned long found;

	if (functions == 0 || functions_find(functions, site, &function) < 0)
		return 0;
	found = find_forth(code, functions, function, site);
	return found != 0 ? found : find_back(code, functions, function, site);
}
