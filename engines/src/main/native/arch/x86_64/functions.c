#include "functions.h"

#include <linux/errno.h>
#include <stdbool.h>

/* Pointer encodings of the LSB's "DWARF extensions": a format and what it counts from. */
enum {
	FORMAT_ABSOLUTE = 0x00,
	FORMAT_UNSIGNED_4 = 0x03,
	FORMAT_UNSIGNED_8 = 0x04,
	FORMAT_SIGNED_4 = 0x0b,
	FORMAT_SIGNED_8 = 0x0c,
	FORMAT_MASK = 0x0f,
	RELATIVE_TO_NOTHING = 0x00,
	RELATIVE_TO_ITSELF = 0x10,
	RELATIVE_TO_HEADER = 0x30,
	RELATIVE_MASK = 0x70,
	ENCODING_INDIRECT = 0x80
};

enum {
	HEADER_VERSION = 1,
	TABLE_OFFSET = 12, /* fixed part, frame pointer, count */
	TABLE_ROW = 8,
	AUGMENTATION_MAX = 8
};

/* Reads forward and remembers whether any read went out of bounds or made no sense. */
struct cursor {
	const struct memory_range *range;
	unsigned long position;
	bool broken;
};

static unsigned long read_bytes(struct cursor *cursor, unsigned size)
{
	unsigned long value = 0;

	if (cursor->broken || cursor->position > cursor->range->length ||
		size > cursor->range->length - cursor->position) {
		cursor->broken = true;
		return 0;
	}
	for (unsigned i = size; i > 0; i--)
		value = value << 8 | cursor->range->bytes[cursor->position + i - 1];
	cursor->position += size;
	return value;
}

static unsigned long read_signed_4(struct cursor *cursor)
{
	return (unsigned long)(long)(int)read_bytes(cursor, 4);
}

/* A LEB128 number; only its size matters to anyone but the augmentation's length. */
static unsigned long read_leb128(struct cursor *cursor)
{
	unsigned long value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		unsigned long byte = read_bytes(cursor, 1);

		value |= (byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	cursor->broken = true;
	return 0;
}

static unsigned long read_pointer(struct cursor *cursor, unsigned encoding)
{
	unsigned long base = 0;

	if ((encoding & RELATIVE_MASK) == RELATIVE_TO_ITSELF)
		base = cursor->range->address + cursor->position;
	else if ((encoding & RELATIVE_MASK) != RELATIVE_TO_NOTHING)
		cursor->broken = true;
	if (encoding & ENCODING_INDIRECT)
		cursor->broken = true;
	switch (encoding & FORMAT_MASK) {
	case FORMAT_ABSOLUTE:
	case FORMAT_UNSIGNED_8:
	case FORMAT_SIGNED_8:
		return base + read_bytes(cursor, 8);
	case FORMAT_UNSIGNED_4:
		return base + read_bytes(cursor, 4);
	case FORMAT_SIGNED_4:
		return base + read_signed_4(cursor);
	default:
		cursor->broken = true;
		return 0;
	}
}

static bool seek(struct cursor *cursor, const struct memory_range *range, unsigned long address)
{
	if (address < range->address || address - range->address >= range->length)
		return false;
	*cursor = (struct cursor){range, address - range->address, false};
	return true;
}

int functions_open(
	struct functions *out, const struct memory_range *header, const struct memory_range *frames)
{
	struct cursor cursor = {header, 0, false};
	unsigned version = (unsigned)read_bytes(&cursor, 1);
	unsigned frames_encoding = (unsigned)read_bytes(&cursor, 1);
	unsigned count_encoding = (unsigned)read_bytes(&cursor, 1);
	unsigned table_encoding = (unsigned)read_bytes(&cursor, 1);
	unsigned long count;

	cursor.position = TABLE_OFFSET - 4;
	count = read_bytes(&cursor, 4);
	if (cursor.broken || version != HEADER_VERSION)
		return -EINVAL;
	if (frames_encoding != (RELATIVE_TO_ITSELF | FORMAT_SIGNED_4) ||
		count_encoding != FORMAT_UNSIGNED_4 ||
		table_encoding != (RELATIVE_TO_HEADER | FORMAT_SIGNED_4))
		return -EINVAL;
	if (count > (header->length - TABLE_OFFSET) / TABLE_ROW)
		return -EINVAL;
	*out = (struct functions){*header, *frames, count};
	return 0;
}

static unsigned long row_address(
	const struct functions *functions, unsigned long row, unsigned column)
{
	struct cursor cursor = {&functions->header, TABLE_OFFSET + row * TABLE_ROW + column, false};

	return functions->header.address + read_signed_4(&cursor);
}

/* The encoding byte of the personality routine and its pointer, which nobody here needs. */
static void skip_personality(struct cursor *cursor)
{
	unsigned encoding = (unsigned)read_bytes(cursor, 1);

	switch (encoding & FORMAT_MASK) {
	case FORMAT_UNSIGNED_4:
	case FORMAT_SIGNED_4:
		read_bytes(cursor, 4);
		return;
	case FORMAT_ABSOLUTE:
	case FORMAT_UNSIGNED_8:
	case FORMAT_SIGNED_8:
		read_bytes(cursor, 8);
		return;
	default:
		cursor->broken = true;
	}
}

/*
 * Reads the augmentation data that letters announce; returns the encoding of pointers to code. S, a
 * signal frame, is refused: glibc's and the kernel's begin one byte before the true function.
 */
static unsigned read_augmentation(struct cursor *cursor, const char *letters)
{
	unsigned encoding = FORMAT_ABSOLUTE;

	if (*letters == '\0')
		return encoding;
	if (*letters != 'z')
		cursor->broken = true;
	read_leb128(cursor);
	for (letters++; *letters != '\0' && !cursor->broken; letters++) {
		if (*letters == 'R')
			encoding = (unsigned)read_bytes(cursor, 1);
		else if (*letters == 'L')
			read_bytes(cursor, 1);
		else if (*letters == 'P')
			skip_personality(cursor);
		else
			cursor->broken = true;
	}
	return encoding;
}

/* The encoding of pointers to code that the CIE at address prescribes, or -EINVAL. */
static int cie_encoding(const struct memory_range *frames, unsigned long address)
{
	char letters[AUGMENTATION_MAX] = {0};
	struct cursor cursor;
	unsigned long length, version;
	unsigned encoding;

	if (!seek(&cursor, frames, address))
		return -EINVAL;
	length = read_bytes(&cursor, 4);
	if (length == 0 || length == 0xffffffff || read_bytes(&cursor, 4) != 0)
		return -EINVAL;
	version = read_bytes(&cursor, 1);
	if (version != 1 && version != 3)
		return -EINVAL;
	for (unsigned i = 0; i < AUGMENTATION_MAX; i++) {
		letters[i] = (char)read_bytes(&cursor, 1);
		if (letters[i] == '\0')
			break;
	}
	if (letters[AUGMENTATION_MAX - 1] != '\0')
		return -EINVAL;
	read_leb128(&cursor); /* code alignment */
	read_leb128(&cursor); /* data alignment */
	if (version == 1)
		read_bytes(&cursor, 1); /* return address register */
	else
		read_leb128(&cursor);
	encoding = read_augmentation(&cursor, letters);
	return cursor.broken ? -EINVAL : (int)encoding;
}

static int read_fde(const struct memory_range *frames, unsigned long address, struct function *out)
{
	struct cursor cursor;
	unsigned long length, cie, cie_distance;
	int encoding;

	if (!seek(&cursor, frames, address))
		return -EINVAL;
	length = read_bytes(&cursor, 4);
	cie = frames->address + cursor.position;
	cie_distance = read_bytes(&cursor, 4);
	if (cursor.broken || length == 0 || length == 0xffffffff || cie_distance == 0)
		return -EINVAL;
	encoding = cie_encoding(frames, cie - cie_distance);
	if (encoding < 0)
		return encoding;
	out->start = read_pointer(&cursor, (unsigned)encoding);
	out->length = read_pointer(&cursor, (unsigned)encoding & FORMAT_MASK);
	return cursor.broken ? -EINVAL : 0;
}

/* How many rows begin below `address`. */
static unsigned long rows_below(const struct functions *functions, unsigned long address)
{
	unsigned long low = 0, high = functions->count;

	while (low < high) {
		unsigned long middle = low + (high - low) / 2;

		if (row_address(functions, middle, 0) < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int read_row(const struct functions *functions, unsigned long row, struct function *out)
{
	int status = read_fde(&functions->frames, row_address(functions, row, 4), out);

	if (status < 0)
		return status;
	return out->start == row_address(functions, row, 0) ? 0 : -EINVAL;
}

int functions_next(const struct functions *functions, unsigned long address, struct function *out)
{
	unsigned long row = rows_below(functions, address);

	return row < functions->count ? read_row(functions, row, out) : -ENOENT;
}

int functions_previous(
	const struct functions *functions, unsigned long address, struct function *out)
{
	unsigned long row = rows_below(functions, address);

	return row > 0 ? read_row(functions, row - 1, out) : -ENOENT;
}

int functions_find(const struct functions *functions, unsigned long address, struct function *out)
{
	unsigned long row = rows_below(functions, address + 1);
	int status = row > 0 ? read_row(functions, row - 1, out) : -ENOENT;

	if (status < 0)
		return status;
	return address - out->start < out->length ? 0 : -ENOENT;
}
