#include "instruction.h"

enum { NUMBER_REGISTER = 8 };

/* A signed count of instructions, in `bits` bits of the word from bit `low` on, as bytes. */
static long displacement(unsigned word, unsigned low, unsigned bits)
{
	long field = (long)(word >> low & ((1U << bits) - 1));
	long sign = 1L << (bits - 1);

	return ((field ^ sign) - sign) * INSTRUCTION_BYTES;
}

bool instruction_branches(unsigned word, unsigned long address, unsigned long *target)
{
	long distance;

	if ((word & 0x7c000000) == 0x14000000) /* b, bl */
		distance = displacement(word, 0, 26);
	else if ((word & 0xff000000) == 0x54000000) /* b.cond, bc.cond */
		distance = displacement(word, 5, 19);
	else if ((word & 0x7e000000) == 0x34000000) /* cbz, cbnz */
		distance = displacement(word, 5, 19);
	else if ((word & 0x7e000000) == 0x36000000) /* tbz, tbnz */
		distance = displacement(word, 5, 14);
	else
		return false;
	*target = address + (unsigned long)distance;
	return true;
}

long instruction_number(unsigned word)
{
	return (word & 0x7fe0001f) == (0x52800000 | NUMBER_REGISTER) ? (long)(word >> 5 & 0xffff)
								     : -1;
}

/* How many bits from the lowest on name registers, as far as this is easy to say. */
static unsigned bits_with_names(unsigned word)
{
	if ((word & 0x1f800000) == 0x12800000) /* movz, movn, movk */
		return 5;
	if ((word & 0x1f800000) == 0x11000000) /* add, sub with an immediate */
		return 10;
	if ((word & 0x3b000000) == 0x39000000) /* ldr, str with an unsigned offset */
		return 10;
	return 15;
}

bool instruction_keeps_number(unsigned word)
{
	unsigned bits = bits_with_names(word);

	/* Branches, exceptions, system instructions; and the unallocated words, zero among them. */
	if ((word & 0x1c000000) == 0x14000000 || (word & 0x1e000000) == 0)
		return word == 0xd503201f; /* nop */
	for (unsigned low = 0; low < bits; low += 5) {
		if ((word >> low & 31) == NUMBER_REGISTER)
			return false;
	}
	return bits < 15 || (word >> 16 & 31) != NUMBER_REGISTER;
}

unsigned instruction_branch(unsigned long from, unsigned long to)
{
	long distance = (long)(to - from);

	if (distance < -(1L << 27) || distance >= 1L << 27)
		return 0;
	return 0x14000000 | ((unsigned)((unsigned long)distance >> 2) & 0x3ffffff);
}

unsigned instruction_movz(unsigned reg, unsigned long constant)
{
	return 0xd2800000 | (unsigned)(constant & 0xffff) << 5 | reg;
}

unsigned instruction_movk_high(unsigned reg, unsigned long constant)
{
	return 0xf2a00000 | (unsigned)(constant >> 16 & 0xffff) << 5 | reg;
}
