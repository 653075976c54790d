#include "stub.h"

#include <linux/errno.h>
#include <asm/unistd.h>

#include "base/mem.h"
#include "decode.h"
#include "rules/rule.h"

extern const char gate_entry[];

struct writer {
	unsigned char *at;
	bool far; /* something did not fit into 32 bits */
};

static void put_bytes(struct writer *writer, const unsigned char *bytes, size_t count)
{
	memcpy(writer->at, bytes, count);
	writer->at += count;
}

static void put_byte(struct writer *writer, unsigned char byte)
{
	*writer->at++ = byte;
}

static void put_word(struct writer *writer, unsigned word)
{
	memcpy(writer->at, &word, sizeof(word));
	writer->at += sizeof(word);
}

/* The 32-bit distance from behind this field to `target`. */
static void put_distance(struct writer *writer, unsigned long target)
{
	long distance = (long)(target - ((unsigned long)writer->at + 4));

	if (distance != (int)distance)
		writer->far = true;
	put_word(writer, (unsigned)distance);
}

static void put_displaced(struct writer *writer, const struct stub_site *place)
{
	const unsigned char *from = (const unsigned char *)place->start;
	size_t length = place->site - place->start;
	unsigned char *copy = writer->at;
	struct decoded decoded;
	int displacement;
	long moved;

	put_bytes(writer, from, length);
	if (!place->rip_relative)
		return;
	if (decode_instruction(from, length, &decoded) != (int)length || !decoded.rip_relative) {
		writer->far = true;
		return;
	}
	memcpy(&displacement, from + decoded.rip_displacement_offset, sizeof(displacement));
	moved = displacement + (long)((unsigned long)from - (unsigned long)copy);
	if (moved != (int)moved)
		writer->far = true;
	displacement = (int)moved;
	memcpy(copy + decoded.rip_displacement_offset, &displacement, sizeof(displacement));
}

/* For a number known only at run time: the call is made here when it passes. */
static void put_pass_test(struct writer *writer, unsigned long next)
{
	static const unsigned char compare[] = {0x3d};		  /* cmp $, %eax */
	static const unsigned char above[] = {0x77, 18};	  /* ja wanted */
	static const unsigned char index[] = {0x89, 0xc1};	  /* mov %eax, %ecx */
	static const unsigned char look[] = {0x80, 0xb9};	  /* cmpb $, rules_pass(%rcx) */
	static const unsigned char wanted[] = {0x00, 0x74, 0x07}; /* $0; je wanted */
	static const unsigned char call[] = {0x0f, 0x05, 0xe9};	  /* syscall; jmp next */

	put_bytes(writer, compare, sizeof(compare));
	put_word(writer, RULES_MOST - 1);
	put_bytes(writer, above, sizeof(above));
	put_bytes(writer, index, sizeof(index));
	put_bytes(writer, look, sizeof(look));
	put_word(writer, (unsigned)(unsigned long)rules_pass);
	put_bytes(writer, wanted, sizeof(wanted));
	put_bytes(writer, call, sizeof(call));
	put_distance(writer, next);
}

/* Where stubs make no calls: the kernel leads this one where it belongs (trace/tracee.h). */
static void put_return_test(struct writer *writer, unsigned long next)
{
	static const unsigned char compare[] = {0x3d};		/* cmp $, %eax */
	static const unsigned char wanted[] = {0x75, 0x07};	/* jne wanted */
	static const unsigned char call[] = {0x0f, 0x05, 0xe9}; /* syscall; jmp next */

	put_bytes(writer, compare, sizeof(compare));
	put_word(writer, __NR_rt_sigreturn);
	put_bytes(writer, wanted, sizeof(wanted));
	put_bytes(writer, call, sizeof(call));
	put_distance(writer, next);
}

static void put_way_to_gate(struct writer *writer, unsigned long next)
{
	static const unsigned char resume[] = {0x48, 0x8d, 0x0d}; /* lea next(%rip), %rcx */
	static const unsigned char gate[] = {0x41, 0xbb};	  /* mov $gate_entry, %r11d */
	static const unsigned char jump[] = {0x41, 0xff, 0xe3};	  /* jmp *%r11 */

	put_bytes(writer, resume, sizeof(resume));
	put_distance(writer, next);
	put_bytes(writer, gate, sizeof(gate));
	put_word(writer, (unsigned)(unsigned long)gate_entry);
	put_bytes(writer, jump, sizeof(jump));
}

int stub_write(unsigned char **at, const struct stub_site *place)
{
	struct writer stub = {.at = *at};
	struct writer jump = {.at = (unsigned char *)place->jump};
	unsigned long next = place->site + 2;
	long distance = (long)((unsigned long)*at - (place->jump + STUB_JUMP_BYTES));

	put_displaced(&stub, place);
	if (place->number < 0 && place->all)
		put_return_test(&stub, next);
	else if (place->number < 0)
		put_pass_test(&stub, next);
	put_way_to_gate(&stub, next);
	if (stub.far || distance != (int)distance)
		return -ERANGE;
	put_byte(&jump, 0xe9);
	put_distance(&jump, (unsigned long)*at);
	*at = stub.at;
	return 0;
}
