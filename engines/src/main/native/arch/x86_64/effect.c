#include "effect.h"

enum { REX_B = 1, REX_R = 4, MOD_REGISTER = 3, EXTENSION_COMPARE = 7 };

static unsigned extension(const struct decoded *decoded)
{
	return decoded->modrm >> 3 & 7;
}

static enum effect writes_if(bool writes)
{
	return writes ? EFFECT_WRITES : EFFECT_KEEPS;
}

/* Register 0, or without REX the byte register 4, which is ah. */
static bool is_rax(const struct decoded *decoded, unsigned number, unsigned rex_bit, bool byte)
{
	if (number == 0)
		return !(decoded->rex & rex_bit);
	return byte && number == 4 && !decoded->rex;
}

static enum effect writes_rm(const struct decoded *decoded, bool byte)
{
	if (decoded->modrm >> 6 != MOD_REGISTER)
		return EFFECT_KEEPS;
	return writes_if(is_rax(decoded, decoded->modrm & 7, REX_B, byte));
}

static enum effect writes_reg(const struct decoded *decoded, bool byte)
{
	return writes_if(is_rax(decoded, extension(decoded), REX_R, byte));
}

static enum effect writes_opcode_register(const struct decoded *decoded, bool byte)
{
	return writes_if(is_rax(decoded, decoded->opcode & 7, REX_B, byte));
}

/* 00..3f: add or adc sbb and sub xor cmp, six forms each. */
static enum effect arithmetic(const struct decoded *decoded)
{
	bool byte = !(decoded->opcode & 1);

	if (decoded->opcode >> 3 == EXTENSION_COMPARE)
		return EFFECT_KEEPS;
	switch (decoded->opcode & 7) {
	case 0:
	case 1:
		return writes_rm(decoded, byte);
	case 2:
	case 3:
		return writes_reg(decoded, byte);
	case 4:
	case 5:
		return EFFECT_WRITES;
	default:
		return EFFECT_UNKNOWN;
	}
}

/* f6, f7: test not neg mul imul div idiv. */
static enum effect unary(const struct decoded *decoded)
{
	if (extension(decoded) < 2)
		return EFFECT_KEEPS;
	if (extension(decoded) < 4)
		return writes_rm(decoded, decoded->opcode == 0xf6);
	return EFFECT_WRITES;
}

static enum effect one_byte_upper(const struct decoded *decoded)
{
	bool byte = !(decoded->opcode & 1);

	switch (decoded->opcode) {
	case 0xa8: /* test */
	case 0xa9:
		return EFFECT_KEEPS;
	case 0xc0: /* shifts */
	case 0xc1:
	case 0xc6: /* mov */
	case 0xc7:
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
		return writes_rm(decoded, byte);
	case 0xf6:
	case 0xf7:
		return unary(decoded);
	case 0xfe:
	case 0xff: /* inc, dec, push */
		return extension(decoded) < 2 ? writes_rm(decoded, byte) : EFFECT_KEEPS;
	default:
		if (decoded->opcode >> 4 == 0xb)
			return writes_opcode_register(decoded, decoded->opcode < 0xb8);
		return EFFECT_UNKNOWN;
	}
}

static enum effect one_byte_lower(const struct decoded *decoded)
{
	bool byte = !(decoded->opcode & 1);

	switch (decoded->opcode) {
	case 0x63: /* movslq */
	case 0x69: /* imul */
	case 0x6b:
	case 0x8d: /* lea */
		return writes_reg(decoded, false);
	case 0x8a: /* mov */
	case 0x8b:
		return writes_reg(decoded, byte);
	case 0x80:
	case 0x81:
	case 0x83:
		if (extension(decoded) == EXTENSION_COMPARE)
			return EFFECT_KEEPS;
		return writes_rm(decoded, byte);
	case 0x88: /* mov */
	case 0x89:
	case 0x8f: /* pop */
		return writes_rm(decoded, decoded->opcode == 0x88);
	case 0x68: /* push */
	case 0x6a:
	case 0x84: /* test */
	case 0x85:
	case 0x99: /* cqto */
		return EFFECT_KEEPS;
	case 0x90: /* nop, xchg */
		return decoded->rex & REX_B ? EFFECT_WRITES : EFFECT_KEEPS;
	case 0x98: /* cltq */
		return EFFECT_WRITES;
	default:
		if (decoded->opcode >> 3 == 0x50 >> 3) /* push */
			return EFFECT_KEEPS;
		if (decoded->opcode >> 3 == 0x58 >> 3) /* pop */
			return writes_opcode_register(decoded, false);
		return EFFECT_UNKNOWN;
	}
}

static enum effect two_byte(const struct decoded *decoded)
{
	switch (decoded->opcode) {
	case 0x0d: /* prefetch */
	case 0x10: /* vector moves */
	case 0x11:
	case 0x16:
	case 0x18: /* hints */
	case 0x1e:
	case 0x1f:
	case 0x28:
	case 0x29:
	case 0x57: /* xorps */
	case 0x6e:
	case 0x6f:
	case 0x7f:
	case 0xa3: /* bt */
	case 0xd6:
	case 0xef: /* pxor */
		return EFFECT_KEEPS;
	case 0xaf: /* imul */
	case 0xb6: /* movzx, movsx */
	case 0xb7:
	case 0xbe:
	case 0xbf:
		return writes_reg(decoded, false);
	default:
		if (decoded->opcode >> 4 == 4) /* cmov */
			return writes_reg(decoded, false);
		if (decoded->opcode >> 4 == 9) /* set */
			return writes_rm(decoded, true);
		return EFFECT_UNKNOWN;
	}
}

enum effect effect_on_rax(const struct decoded *decoded)
{
	if (decoded->encoding != ENCODING_LEGACY || decoded->flow != FLOW_NEXT)
		return EFFECT_UNKNOWN;
	/* rdsspq and friends are hints only on processors that lack them */
	if (decoded->opcode_map == 1 && decoded->opcode == 0x1e && decoded->modrm != 0xfa)
		return EFFECT_UNKNOWN;
	if (decoded->opcode_map == 1)
		return two_byte(decoded);
	if (decoded->opcode_map > 1)
		return EFFECT_UNKNOWN;
	if (decoded->opcode < 0x40)
		return arithmetic(decoded);
	return decoded->opcode < 0xa0 ? one_byte_lower(decoded) : one_byte_upper(decoded);
}

static bool is_privileged(const struct decoded *decoded)
{
	switch (decoded->opcode) {
	case 0x06: /* clts */
	case 0x07: /* sysret */
	case 0x08: /* invd */
	case 0x09: /* wbinvd */
	case 0x30: /* wrmsr */
	case 0x32: /* rdmsr */
	case 0x34: /* sysenter */
	case 0x35: /* sysexit */
	case 0x37: /* getsec */
	case 0x78: /* vmread, extrq */
	case 0x79: /* vmwrite */
	case 0xaa: /* rsm */
		return true;
	default:
		return decoded->opcode < 0x04 ? decoded->opcode != 0x01
					      : decoded->opcode >> 2 == 0x20 >> 2;
	}
}

static bool is_strange(const struct decoded *decoded)
{
	switch (decoded->opcode) {
	case 0x8c: /* segment registers */
	case 0x8e:
	case 0xc8: /* enter */
	case 0xca: /* far return */
	case 0xcb:
	case 0xcf: /* iret */
	case 0xd7: /* xlat */
	case 0xf1: /* int1 */
	case 0xfa: /* cli */
	case 0xfb: /* sti */
		return true;
	default:
		return decoded->opcode >> 2 == 0x6c >> 2 || /* ins, outs */
		       (decoded->opcode & ~0x0b) == 0xe4 || /* in, out */
		       (decoded->opcode >> 2 == 0xa0 >> 2); /* moffs */
	}
}

bool effect_is_plausible(const struct decoded *decoded)
{
	if (decoded->encoding != ENCODING_LEGACY || decoded->opcode_map > 1)
		return true;
	return decoded->opcode_map == 0 ? !is_strange(decoded) : !is_privileged(decoded);
}
