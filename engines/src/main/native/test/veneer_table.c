#include "veneer.h"

#include <errno.h>

#include "instruction.h"
#include "test/check.h"

/* Golden words for arch/aarch64/{instruction,veneer}.c, as the assembler writes them. */

struct branch {
	const char *name;
	unsigned word;
	long distance; /* 0: no branch */
};

static const struct branch branches[] = {
	{"b .+8", 0x14000002, 8},
	{"b .-4", 0x17ffffff, -4},
	{"b, farthest", 0x15ffffff, (1L << 27) - 4},
	{"b, farthest back", 0x16000000, -(1L << 27)},
	{"bl .+12", 0x94000003, 12},
	{"b.eq .+16", 0x54000080, 16},
	{"b.ne .-8", 0x54ffffc1, -8},
	{"cbz x0, .+8", 0xb4000040, 8},
	{"cbnz w3, .-4", 0x35ffffe3, -4},
	{"tbz w0, #1, .+4", 0x36080020, 4},
	{"tbnz x2, #40, .-32", 0xb747ff02, -32},
	{"ret", 0xd65f03c0, 0},
	{"br x16", 0xd61f0200, 0},
	{"blr x1", 0xd63f0020, 0},
	{"svc #0", INSTRUCTION_CALL, 0},
	{"mov x0, x1", 0xaa0103e0, 0},
	{"adr x17, .+8", 0x10000051, 0},
};

static void check_branches(void)
{
	for (size_t i = 0; i < sizeof(branches) / sizeof(branches[0]); i++) {
		const struct branch *branch = &branches[i];
		unsigned long from = 0x7f0010000000;
		unsigned long target = from;
		bool is = instruction_branches(branch->word, from, &target);

		check_number(branch->name, branch->distance != 0, is);
		check_number(branch->name, branch->distance, (long)(target - from));
	}
	check_number("b forward", 0x14000002, instruction_branch(0x1000, 0x1008));
	check_number("b back", 0x17ffffff, instruction_branch(0x1004, 0x1000));
	check_number("b as far as it goes", 0x15ffffff, instruction_branch(0, (1UL << 27) - 4));
	check_number("b as far back as it goes", 0x16000000, instruction_branch(1UL << 27, 0));
	check_number("b too far", 0, instruction_branch(0, 1UL << 27));
	check_number("b too far back", 0, instruction_branch((1UL << 27) + 4, 0));
}

static void check_numbers(void)
{
	check_number("mov x8, #56", 56, instruction_number(0xd2800708));
	check_number("mov w8, #222", 222, instruction_number(0x52801bc8));
	check_number("mov x8, #65535", 65535, instruction_number(0xd29fffe8));
	check_number("mov x9, #56", -1, instruction_number(0xd2800709));
	check_number("movz x8, #1, lsl #16", -1, instruction_number(0xd2a00028));
	check_number("movn x8, #56", -1, instruction_number(0x92800708));
	check_number("movk x8, #56", -1, instruction_number(0xf2800708));
	check_number("mov x16, #0x5678", 0xd28acf10, instruction_movz(16, 0x7c015678));
	check_number(
		"movk x16, #0x7c01, lsl #16", 0xf2af8030, instruction_movk_high(16, 0x7c015678));
}

struct keeping {
	const char *name;
	unsigned word;
	bool keeps;
};

static const struct keeping keepings[] = {
	{"nop", 0xd503201f, true},
	{"mov x3, #8", 0xd2800103, true},
	{"mov x0, x20", 0xaa1403e0, true},
	{"add x1, sp, #0x30", 0x9100c3e1, true},
	{"str w5, [x4, #16]", 0xb9001085, true},
	{"ldr x1, [x0]", 0xf9400001, true},
	{"sxtw x0, w0", 0x93407c00, true},
	{"stp x29, x30, [sp, #-16]!", 0xa9bf7bfd, true},
	{"mov x8, x1", 0xaa0103e8, false},
	{"movk x8, #1", 0xf2800028, false},
	{"ldr x8, [x0]", 0xf9400008, false},
	{"ldr x0, [x8], #8", 0xf8408500, false},
	{"ldp x7, x8, [sp]", 0xa94023e7, false},
	{"add x8, x8, #1", 0x91000508, false},
	{"casal x8, x1, [x0]", 0xc8e8fc01, false},
	{"ret", 0xd65f03c0, false},
	{"bl .", 0x94000000, false},
	{"svc #0", INSTRUCTION_CALL, false},
	{"mrs x0, nzcv", 0xd53b4200, false},
	{"udf #0", 0x00000000, false},
};

static void check_keepings(void)
{
	for (size_t i = 0; i < sizeof(keepings) / sizeof(keepings[0]); i++)
		check_number(keepings[i].name, keepings[i].keeps,
			instruction_keeps_number(keepings[i].word));
}

static const unsigned tested[] = {
	0xa9b847f0, /* stp x16, x17, [sp, #-128]! */
	0x530a7d10, /* lsr w16, w8, #10 */
	0x35000110, /* cbnz w16, wanted */
	0xd28acf10, /* mov x16, #0x5678 */
	0xf2af8030, /* movk x16, #0x7c01, lsl #16 */
	0x38684a10, /* ldrb w16, [x16, w8, uxtw] */
	0x34000090, /* cbz w16, wanted */
	0xa8c847f0, /* ldp x16, x17, [sp], #128 */
	0xd4000001, /* svc #0 */
	0x17fffbf8, /* b next */
	0xd2800810, /* wanted: mov x16, #0x40 */
	0xf2af8010, /* movk x16, #0x7c00, lsl #16 */
	0x10000051, /* adr x17, back */
	0xd61f0200, /* br x16 */
	0xa8c847f0, /* back: ldp x16, x17, [sp], #128 */
	0x17fffbf2, /* b next */
};

static const unsigned certain[] = {
	0xa9b847f0, /* stp x16, x17, [sp, #-128]! */
	0xd2800810, /* mov x16, #0x40 */
	0xf2af8010, /* movk x16, #0x7c00, lsl #16 */
	0x10000051, /* adr x17, back */
	0xd61f0200, /* br x16 */
	0xa8c847f0, /* back: ldp x16, x17, [sp], #128 */
	0x17fffbfb, /* b next */
};

static void check_veneer(
	const char *name, const struct veneer *veneer, const unsigned *golden, int count)
{
	unsigned words[VENEER_WORDS_MOST];
	int got = veneer_write(veneer, words);

	check_number(name, count, got);
	for (int i = 0; i < count && i < got; i++)
		check_number(name, golden[i], words[i]);
}

static void check_veneers(void)
{
	struct veneer veneer = {
		.site = 0x400000, .at = 0x401000, .gate = 0x7c000040, .pass = 0x7c015678};
	unsigned words[VENEER_WORDS_MOST];

	check_veneer("number unknown", &veneer, tested, VENEER_WORDS_MOST);
	veneer.pass = 0;
	check_veneer("number certain", &veneer, certain, (int)(sizeof(certain) / sizeof(int)));
	veneer.at = veneer.site + (1UL << 27) + 64;
	check_number("way back too far", -ERANGE, veneer_write(&veneer, words));
}

int main(void)
{
	check_branches();
	check_numbers();
	check_keepings();
	check_veneers();
	return check_report("veneer");
}
