#include "../arch/x86_64/decode.h"

#include <linux/errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Golden instructions: bytes, the length or error expected, where control goes, the target.
 * Checked against objdump once; decode_objdump.sh does the same for whole libraries.
 */

struct golden {
	const char *name;
	const char *bytes; /* hexadecimal */
	int length;
	enum decode_flow flow;
	long target;
};

static const struct golden table[] = {
	{"nop", "90", 1, FLOW_NEXT, 0},
	{"endbr64", "f30f1efa", 4, FLOW_NEXT, 0},
	{"data16 cs nopw", "6666662e0f1f840000000000", 12, FLOW_NEXT, 0},
	{"add imm16", "66050102", 4, FLOW_NEXT, 0},
	{"add imm32, 66 beaten by REX.W", "66480501020304", 7, FLOW_NEXT, 0},
	{"mov imm64", "48b80102030405060708", 10, FLOW_NEXT, 0},
	{"mov imm16", "66b80102", 4, FLOW_NEXT, 0},
	{"mov moffs64", "48a10102030405060708", 10, FLOW_NEXT, 0},
	{"mov moffs32", "67a101020304", 6, FLOW_NEXT, 0},
	{"enter", "c8010203", 4, FLOW_NEXT, 0},
	{"test imm8", "f6c001", 3, FLOW_NEXT, 0},
	{"not", "f6d0", 2, FLOW_NEXT, 0},
	{"test imm32", "48f7c001020304", 7, FLOW_NEXT, 0},
	{"test imm16", "66f7c00102", 5, FLOW_NEXT, 0},
	{"neg", "f7d8", 2, FLOW_NEXT, 0},
	{"sib disp32 without base", "8b042501020304", 7, FLOW_NEXT, 0},
	{"sib disp8", "8b44240c", 4, FLOW_NEXT, 0},
	{"push imm16", "66680102", 4, FLOW_NEXT, 0},
	{"imul imm32", "69c001020304", 6, FLOW_NEXT, 0},
	{"in imm8", "e401", 2, FLOW_NEXT, 0},
	{"fnstcw", "d97c2404", 4, FLOW_NEXT, 0},
	{"pfadd (3DNow)", "0f0fc19e", 4, FLOW_NEXT, 0},
	{"extrq", "660f78c00102", 6, FLOW_NEXT, 0},
	{"insertq", "f20f78c10102", 6, FLOW_NEXT, 0},
	{"mov from cr0, mod ignored", "0f2000", 3, FLOW_NEXT, 0},
	{"crc32", "f2480f38f1c8", 6, FLOW_NEXT, 0},
	{"palignr", "660f3a0fc108", 6, FLOW_NEXT, 0},
	{"vzeroupper", "c5f877", 3, FLOW_NEXT, 0},
	{"vpshufd", "c5f970c101", 5, FLOW_NEXT, 0},
	{"vpalignr", "c4e3790fc208", 6, FLOW_NEXT, 0},
	{"vpbroadcastd", "c4e27d58c0", 5, FLOW_NEXT, 0},
	{"evex vpcmpub", "62f37d483ec001", 7, FLOW_NEXT, 0},
	{"evex disp8", "62f17c48104001", 7, FLOW_NEXT, 0},
	{"evex map 5", "62f57c4858c1", 6, FLOW_NEXT, 0},
	{"xop vprotb", "8fe878c0c102", 6, FLOW_NEXT, 0},
	{"xop bextr", "8fea7810c001020304", 9, FLOW_NEXT, 0},
	{"pop memory", "8f00", 2, FLOW_NEXT, 0},
	{"xabort", "c6f801", 3, FLOW_NEXT, 0},
	{"int 0x80", "cd80", 2, FLOW_NEXT, 0},
	{"jmp rel8", "ebfe", 2, FLOW_JUMP, 0},
	{"jmp rel32", "e9fbffffff", 5, FLOW_JUMP, 0},
	{"jmp rel32 with 66", "66e901000000", 6, FLOW_JUMP, 7},
	{"bnd jmp", "f2e900010000", 6, FLOW_JUMP, 262},
	{"jne rel8", "7510", 2, FLOW_BRANCH, 18},
	{"jne rel32", "0f8500000080", 6, FLOW_BRANCH, 6 - 0x80000000L},
	{"loop", "e280", 2, FLOW_BRANCH, -126},
	{"jrcxz", "e37f", 2, FLOW_BRANCH, 129},
	{"xbegin", "c7f804000000", 6, FLOW_BRANCH, 10},
	{"call", "e8fbffffff", 5, FLOW_CALL, 0},
	{"call of the thread pointer's address", "666648e800000000", 8, FLOW_CALL, 8},
	{"call memory", "ff1501020304", 6, FLOW_INDIRECT_CALL, 0},
	{"notrack jmp", "3effe0", 3, FLOW_INDIRECT_JUMP, 0},
	{"push memory", "ff30", 2, FLOW_NEXT, 0},
	{"ret", "c3", 1, FLOW_RETURN, 0},
	{"repz ret", "f3c3", 2, FLOW_RETURN, 0},
	{"ret imm16", "c20800", 3, FLOW_RETURN, 0},
	{"hlt", "f4", 1, FLOW_TRAP, 0},
	{"int3", "cc", 1, FLOW_TRAP, 0},
	{"ud2", "0f0b", 2, FLOW_TRAP, 0},
	{"syscall", "0f05", 2, FLOW_SYSCALL, 0},
	{"sysenter is no syscall", "0f34", 2, FLOW_NEXT, 0},
	{"VEX form of 05 is no syscall", "c5f805c0", 4, FLOW_NEXT, 0},
	{"push es", "06", -EINVAL, FLOW_NEXT, 0},
	{"far jmp", "ea010203040506", -EINVAL, FLOW_NEXT, 0},
	{"0f04", "0f04", -EINVAL, FLOW_NEXT, 0},
	{"lea of a register", "8dc0", -EINVAL, FLOW_NEXT, 0},
	{"REX before VEX", "40c5f877", -EINVAL, FLOW_NEXT, 0},
	{"66 before VEX", "66c5f877", -EINVAL, FLOW_NEXT, 0},
	{"VEX map 0", "c4e07877c0", -EINVAL, FLOW_NEXT, 0},
	{"EVEX map 7", "62f77d48c0c0", -EINVAL, FLOW_NEXT, 0},
	{"XOP map 11", "8feb78c0c102", -EINVAL, FLOW_NEXT, 0},
	{"fifteen bytes", "66666666666666666666660f1f4000", 15, FLOW_NEXT, 0},
	{"sixteen bytes", "6666666666666666666666660f1f4000", -EINVAL, FLOW_NEXT, 0},
};

static int failures;

static void check(const char *name, const char *what, long expected, long actual)
{
	if (expected == actual)
		return;
	fprintf(stderr, "%s: %s is %ld, expected %ld\n", name, what, actual, expected);
	failures++;
}

static unsigned long bytes_of(const char *text, unsigned char *bytes)
{
	unsigned long count = 0;
	unsigned value;

	for (; sscanf(text, "%2x", &value) == 1; text += 2)
		bytes[count++] = (unsigned char)value;
	return count;
}

/* Every prefix of a valid instruction must ask for more bytes. */
static void check_golden(const struct golden *golden)
{
	unsigned char bytes[16];
	unsigned long count = bytes_of(golden->bytes, bytes);
	struct decoded out;

	check(golden->name, "length", golden->length, decode_instruction(bytes, count, &out));
	if (golden->length < 0)
		return;
	check(golden->name, "bytes in the table", golden->length, (long)count);
	check(golden->name, "flow", (long)golden->flow, out.flow);
	check(golden->name, "target", golden->target, out.target);
	for (unsigned long available = 0; available < count; available++)
		check(golden->name, "length when cut", -ENODATA,
			decode_instruction(bytes, available, &out));
}

static void check_constant(const char *hex, bool loads, unsigned immediate)
{
	unsigned char bytes[16];
	struct decoded out;

	decode_instruction(bytes, bytes_of(hex, bytes), &out);
	check(hex, "constant in eax", loads, out.loads_eax_immediate);
	check(hex, "immediate", (long)immediate, (long)out.immediate);
}

static void check_rip_relative(const char *hex, bool relative, long offset)
{
	unsigned char bytes[16];
	struct decoded out;

	decode_instruction(bytes, bytes_of(hex, bytes), &out);
	check(hex, "rip relative", relative, out.rip_relative);
	check(hex, "displacement offset", offset, out.rip_displacement_offset);
}

int main(void)
{
	for (unsigned long i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		check_golden(&table[i]);
	check_constant("b83c000000", true, 60);
	check_constant("48c7c001010000", true, 257);
	check_constant("c7c001010000", true, 257);
	check_constant("31c0", true, 0);
	check_constant("33c0", true, 0);
	check_constant("4831c0", true, 0);
	check_constant("4531c0", false, 0);
	check_constant("41b83c000000", false, 0);
	check_constant("66b83c00", false, 0);
	check_constant("48b83c00000000000000", false, 0);
	check_constant("b93c000000", false, 0);
	check_constant("31c9", false, 0);
	check_rip_relative("488d3d01020304", true, 3);
	check_rip_relative("c7050102030400000000", true, 2);
	check_rip_relative("c5fa6f0501020304", true, 4);
	check_rip_relative("8b4500", false, 0);
	if (failures == 0)
		puts("decode_table: ok");
	return failures != 0;
}
