#include "flow.h"

enum { REX_PLAIN = 0x40, REX_ONLY_W = 0x48 };

static unsigned long little_endian(const unsigned char *bytes, unsigned count)
{
	unsigned long value = 0;

	while (count > 0)
		value = value << 8 | bytes[--count];
	return value;
}

/* Relative targets are the last bytes of the instruction and count from its end. */
static void set_target(const unsigned char *code, struct decoded *out, unsigned size)
{
	unsigned long value = little_endian(code + out->length - size, size);
	long sign = 1L << (size * 8 - 1);

	out->target = ((long)value ^ sign) - sign + out->length;
}

static enum decode_flow one_byte_group(const struct decoded *out)
{
	unsigned extension = out->modrm >> 3 & 7;

	if (out->opcode == 0xc7 && out->modrm == 0xf8)
		return FLOW_BRANCH; /* xbegin */
	if (out->opcode != 0xff)
		return FLOW_NEXT;
	if (extension == 2 || extension == 3)
		return FLOW_INDIRECT_CALL;
	return extension == 4 || extension == 5 ? FLOW_INDIRECT_JUMP : FLOW_NEXT;
}

static enum decode_flow one_byte_flow(const struct decoded *out)
{
	if (out->opcode >> 4 == 7)
		return FLOW_BRANCH;
	switch (out->opcode) {
	case 0xc2:
	case 0xc3:
	case 0xca:
	case 0xcb:
	case 0xcf:
		return FLOW_RETURN;
	case 0xcc:
	case 0xf1:
	case 0xf4:
		return FLOW_TRAP;
	case 0xe0:
	case 0xe1:
	case 0xe2:
	case 0xe3:
		return FLOW_BRANCH;
	case 0xe8:
		return FLOW_CALL;
	case 0xe9:
	case 0xeb:
		return FLOW_JUMP;
	default:
		return one_byte_group(out);
	}
}

static enum decode_flow two_byte_flow(const struct decoded *out)
{
	if (out->opcode >> 4 == 8)
		return FLOW_BRANCH;
	switch (out->opcode) {
	case 0x05:
		return FLOW_SYSCALL;
	case 0x07:
	case 0x35:
		return FLOW_RETURN;
	case 0x0b:
	case 0xb9:
	case 0xff:
		return FLOW_TRAP;
	default:
		return FLOW_NEXT;
	}
}

/* mov $imm,%eax in its three forms, xor %eax,%eax in its two; no prefix but a REX without B. */
static void find_constant(const unsigned char *code, struct decoded *out)
{
	bool is_move = out->opcode == 0xb8 || (out->opcode == 0xc7 && out->modrm == 0xc0);
	bool is_clear = (out->opcode == 0x31 || out->opcode == 0x33) && out->modrm == 0xc0;

	if (out->opcode_map != 0 || out->prefixes)
		return;
	if (out->rex && out->rex != REX_PLAIN && out->rex != REX_ONLY_W)
		return;
	if (out->opcode == 0xb8 && out->rex == REX_ONLY_W)
		return;
	out->loads_eax_immediate = is_move || is_clear;
	if (is_move)
		out->immediate = (unsigned)little_endian(code + out->length - 4, 4);
}

void flow_classify(const unsigned char *code, struct decoded *out)
{
	enum decode_flow flow;

	if (out->encoding != ENCODING_LEGACY || out->opcode_map > 1)
		return;
	flow = out->opcode_map == 0 ? one_byte_flow(out) : two_byte_flow(out);
	out->flow = (unsigned char)flow;
	if (flow == FLOW_CALL || (flow == FLOW_JUMP && out->opcode != 0xeb))
		set_target(code, out, 4);
	else if (flow == FLOW_BRANCH && out->opcode == 0xc7)
		set_target(code, out, out->prefixes & PREFIX_OPERAND_SIZE ? 2 : 4);
	else if (flow == FLOW_JUMP || flow == FLOW_BRANCH)
		set_target(code, out, out->opcode_map == 0 ? 1 : 4);
	find_constant(code, out);
}
