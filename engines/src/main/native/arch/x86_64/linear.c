#include "linear.h"

#include <stddef.h>

#include "base/mem.h"
#include "decode.h"

enum { MOV_IMMEDIATE_TO_EAX = 0xb8, MOV_BYTES = 5, XOR_BYTES = 2, BOTH_EAX = 0xc0 };

/* Does it make eax a constant, and which? */
static bool sets_number(const unsigned char *bytes, unsigned length, unsigned *number)
{
	*number = 0;
	if (length == XOR_BYTES && (bytes[0] == 0x31 || bytes[0] == 0x33))
		return bytes[1] == BOTH_EAX;
	if (length != MOV_BYTES || bytes[0] != MOV_IMMEDIATE_TO_EAX)
		return false;
	memcpy(number, bytes + 1, sizeof(*number));
	return true;
}

/* In a larger function the search for branches costs more than a stub that looks at the number. */
enum { SEARCHED_MOST = 1024 };

static const unsigned char *bytes_at(const struct memory_range *code, unsigned long address)
{
	return code->bytes + (address - code->address);
}

/* Moves the cursor to the function's start unless it already stands in it, before the address. */
static bool enter_function(struct linear_cursor *cursor, const struct memory_range *code,
	const struct functions *functions, unsigned long address)
{
	struct function function;

	if (address >= cursor->at && address < cursor->end)
		return true;
	if (functions == NULL || functions_find(functions, address, &function) < 0 ||
		function.start < code->address ||
		function.start + function.length > code->address + code->length)
		return false;
	*cursor = (struct linear_cursor){.start = function.start,
		.end = function.start + function.length,
		.at = function.start};
	return true;
}

/*
 * Does anything in the function look like a branch to just this address? Every byte is taken for a
 * possible branch: one too many only costs a patch.
 */
static bool is_entered(
	const struct linear_cursor *cursor, const struct memory_range *code, unsigned long address)
{
	const unsigned char *bytes = bytes_at(code, cursor->start);
	unsigned long length = cursor->end - cursor->start;
	unsigned long site = address - cursor->start;
	unsigned expected;

	if (length > SEARCHED_MOST)
		return true;
	/* The distance that would lead to the site shrinks by one with every byte. */
	expected = (unsigned)site - 5;
	for (const unsigned char *at = bytes + 1; at + 4 <= bytes + length; at++, expected--) {
		unsigned distance;

		memcpy(&distance, at, sizeof(distance));
		if (distance == expected)
			return true;
	}
	for (unsigned long i = site > 130 ? site - 130 : 1; i < length && i < site + 130; i++) {
		unsigned opcode = bytes[i - 1];

		if ((opcode == 0xeb || (opcode & 0xf0) == 0x70 || (opcode & 0xfc) == 0xe0) &&
			i + 1 + (unsigned long)(long)(signed char)bytes[i] == site)
			return true;
	}
	return false;
}

/* What the instruction before the system call tells, and whether it can be displaced. */
static void look_before(const struct linear_cursor *cursor, const struct memory_range *code,
	unsigned long address, struct linear_site *site)
{
	const unsigned char *bytes = bytes_at(code, cursor->before);
	struct decoded decoded;
	unsigned number;

	*site = (struct linear_site){.number = -1};
	if (cursor->before == 0 ||
		decode_instruction(bytes, address - cursor->before, &decoded) <= 0 ||
		decoded.flow != FLOW_NEXT)
		return;
	site->before = cursor->before;
	site->rip_relative = decoded.rip_relative;
	if (sets_number(bytes, decoded.length, &number) && !is_entered(cursor, code, address))
		site->number = (long)number;
}

enum linear_answer linear_prove(struct linear_cursor *cursor, const struct memory_range *code,
	const struct functions *functions, unsigned long address, struct linear_site *site)
{
	struct decoded decoded;

	if (!enter_function(cursor, code, functions, address))
		return LINEAR_UNKNOWN;
	while (cursor->at < address) {
		int length = decode_length(
			bytes_at(code, cursor->at), cursor->end - cursor->at, &decoded);

		if (length <= 0) {
			cursor->end = 0;
			return LINEAR_UNKNOWN;
		}
		cursor->before = cursor->at;
		cursor->at += (unsigned long)length;
	}
	if (cursor->at != address)
		return LINEAR_NO;
	look_before(cursor, code, address, site);
	return LINEAR_YES;
}

void linear_step_over(struct linear_cursor *cursor, unsigned long address, unsigned length)
{
	if (cursor->at != address)
		return;
	cursor->at += length;
	cursor->before = 0;
}
