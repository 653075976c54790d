#include "decode.h"
#include "flow.h"

#include <linux/errno.h>

/*
 * What follows an opcode byte, one letter for each, sixteen to a row. Strings, because arrays of
 * characters need no relocation and can be compared with the manual's opcode maps by eye.
 *
 *   -  undefined in 64-bit mode     m  ModRM                   b  imm8
 *   .  nothing                      n  ModRM, imm8             w  imm16
 *   p  prefix or escape             o  ModRM, imm16/32         z  imm16/32
 *   j  rel8                         t  ModRM, imm8 if /0 /1    v  imm16/32/64
 *   l  rel32                        u  same with imm16/32      e  imm16, imm8 (enter)
 *                                                              a  absolute address (moffs)
 */
static const char one_byte_map[256 + 1] = "mmmmbz--mmmmbz-p"  /* 00 */
					  "mmmmbz--mmmmbz--"  /* 10 */
					  "mmmmbzp-mmmmbzp-"  /* 20 */
					  "mmmmbzp-mmmmbzp-"  /* 30 */
					  "pppppppppppppppp"  /* 40 REX */
					  "................"  /* 50 */
					  "--pmppppzobn...."  /* 60 */
					  "jjjjjjjjjjjjjjjj"  /* 70 */
					  "no-nmmmmmmmmmmmm"  /* 80 */
					  "..........-....."  /* 90 */
					  "aaaa....bz......"  /* a0 */
					  "bbbbbbbbvvvvvvvv"  /* b0 */
					  "nnw.ppnoe.w..b-."  /* c0 */
					  "mmmm---.mmmmmmmm"  /* d0 */
					  "jjjjbbbbll-j...."  /* e0 */
					  "p.pp..tu......mm"; /* f0 */

static const char two_byte_map[256 + 1] = "mmmm-.....-.-m.n"  /* 00 */
					  "mmmmmmmmmmmmmmmm"  /* 10 */
					  "mmmm----mmmmmmmm"  /* 20 */
					  "......-.p-p-----"  /* 30 */
					  "mmmmmmmmmmmmmmmm"  /* 40 */
					  "mmmmmmmmmmmmmmmm"  /* 50 */
					  "mmmmmmmmmmmmmmmm"  /* 60 */
					  "nnnnmmm.mm--mmmm"  /* 70 */
					  "llllllllllllllll"  /* 80 */
					  "mmmmmmmmmmmmmmmm"  /* 90 */
					  "...mnmmm...mnmmm"  /* a0 */
					  "mmmmmmmmmmnmmmmm"  /* b0 */
					  "mmnmnnnm........"  /* c0 */
					  "mmmmmmmmmmmmmmmm"  /* d0 */
					  "mmmmmmmmmmmmmmmm"  /* e0 */
					  "mmmmmmmmmmmmmmmm"; /* f0 */

enum {
	REX_W = 8,
	MOD_REGISTER = 3,
	XOP_MAP_FIRST = 8,
	EVEX_MAP_PROMOTED = 4 /* one-byte instructions in EVEX form (APX) */
};

static const unsigned char map_last[] = {
	[ENCODING_VEX] = 3,
	[ENCODING_EVEX] = 6,
	[ENCODING_XOP] = 10,
};

struct reader {
	const unsigned char *code;
	unsigned long available;
	unsigned position;
	struct decoded *out;
};

/* The next byte, or the reason why there is none. */
static int reader_byte(struct reader *reader)
{
	if (reader->position >= DECODE_LENGTH_MAX)
		return -EINVAL;
	if (reader->position >= reader->available)
		return -ENODATA;
	return reader->code[reader->position++];
}

static int reader_skip(struct reader *reader, unsigned count)
{
	if (reader->position + count > DECODE_LENGTH_MAX)
		return -EINVAL;
	if (reader->position + count > reader->available)
		return -ENODATA;
	reader->position += count;
	return 0;
}

/* The little-endian number in the last count bytes that were skipped. */
static unsigned long reader_last(const struct reader *reader, unsigned count)
{
	unsigned long value = 0;

	for (unsigned i = 1; i <= count; i++)
		value = value << 8 | reader->code[reader->position - i];
	return value;
}

static unsigned char prefix_of(int byte)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
		return PREFIX_SEGMENT;
	case 0x66:
		return PREFIX_OPERAND_SIZE;
	case 0x67:
		return PREFIX_ADDRESS_SIZE;
	case 0xf0:
		return PREFIX_LOCK;
	case 0xf2:
		return PREFIX_REPNE;
	case 0xf3:
		return PREFIX_REP;
	default:
		return 0;
	}
}

/* Reads prefixes and returns the first byte after them. A REX counts only right before it. */
static int read_prefixes(struct reader *reader)
{
	struct decoded *out = reader->out;

	for (;;) {
		int byte = reader_byte(reader);
		unsigned char prefix;

		if (byte < 0)
			return byte;
		prefix = prefix_of(byte);
		if (prefix) {
			out->prefixes |= prefix;
			out->rex = 0;
		} else if (byte >> 4 == 4) {
			out->rex = (unsigned char)byte;
		} else {
			return byte;
		}
	}
}

static char promoted_letter(unsigned opcode)
{
	char letter = one_byte_map[opcode];

	if (opcode == 0x24 || opcode == 0x2c)
		return 'n'; /* shld, shrd */
	return letter == 'n' || letter == 'o' || letter == 't' || letter == 'u' ? letter : 'm';
}

/* Opcode maps whose letters follow a rule: every instruction has a ModRM, few an immediate. */
static char vector_letter(const struct decoded *out)
{
	if (out->encoding == ENCODING_XOP)
		return "nmo"[out->opcode_map - XOP_MAP_FIRST];
	if (out->encoding == ENCODING_VEX && out->opcode_map == 1 && out->opcode == 0x77)
		return '.'; /* vzeroupper */
	if (out->opcode_map == 1)
		return two_byte_map[out->opcode] == 'n' ? 'n' : 'm';
	if (out->opcode_map == EVEX_MAP_PROMOTED)
		return promoted_letter(out->opcode);
	return out->opcode_map == 3 ? 'n' : 'm';
}

/*
 * Reads what follows c4, c5 (VEX), 62 (EVEX) or 8f (AMD's XOP): count bytes of payload, whose first
 * names the opcode map, and the opcode.
 */
static int read_vector(struct reader *reader, enum decode_encoding encoding, unsigned count)
{
	struct decoded *out = reader->out;
	int status = reader_skip(reader, count);
	unsigned long payload;
	int opcode;

	if (status < 0)
		return status;
	payload = reader_last(reader, count);
	out->encoding = (unsigned char)encoding;
	out->opcode_map = (unsigned char)(payload & (encoding == ENCODING_EVEX ? 7 : 0x1f));
	if (encoding == ENCODING_VEX && count == 1)
		out->opcode_map = 1;
	if (out->opcode_map < 1 || out->opcode_map > map_last[encoding])
		return -EINVAL;
	/* W clear and pp 1: 16-bit operands, which matters to promoted instructions only */
	if (encoding == ENCODING_EVEX && (payload >> 8 & 0x83) == 1)
		out->prefixes |= PREFIX_OPERAND_SIZE;
	opcode = reader_byte(reader);
	if (opcode < 0)
		return opcode;
	out->opcode = (unsigned char)opcode;
	return vector_letter(out);
}

/* Reads the opcode after 0f and returns its letter. */
static int read_two_byte(struct reader *reader)
{
	struct decoded *out = reader->out;
	int byte = reader_byte(reader);

	if (byte < 0)
		return byte;
	out->opcode_map = 1;
	if (byte == 0x38 || byte == 0x3a) {
		out->opcode_map = byte == 0x38 ? 2 : 3;
		byte = reader_byte(reader);
		if (byte < 0)
			return byte;
	}
	out->opcode = (unsigned char)byte;
	if (out->opcode_map == 1)
		return two_byte_map[byte];
	return out->opcode_map == 2 ? 'm' : 'n';
}

/* True if 8f is not pop but XOP: pop's reg field is 0, so its low five bits stay below 8. */
static bool is_xop(const struct reader *reader)
{
	return reader->position < reader->available &&
	       (reader->code[reader->position] & 0x1f) >= XOP_MAP_FIRST;
}

/* Reads everything up to the opcode and returns the letter that says what follows it. */
static int read_opcode(struct reader *reader)
{
	struct decoded *out = reader->out;
	int byte = read_prefixes(reader);
	bool vector;

	if (byte < 0)
		return byte;
	if (byte == 0x0f)
		return read_two_byte(reader);
	vector = byte == 0xc4 || byte == 0xc5 || byte == 0x62 || (byte == 0x8f && is_xop(reader));
	if (!vector) {
		out->opcode = (unsigned char)byte;
		return one_byte_map[byte];
	}
	if (out->rex || out->prefixes & ~(PREFIX_SEGMENT | PREFIX_ADDRESS_SIZE))
		return -EINVAL;
	if (byte == 0x62)
		return read_vector(reader, ENCODING_EVEX, 3);
	if (byte == 0x8f)
		return read_vector(reader, ENCODING_XOP, 2);
	return read_vector(reader, ENCODING_VEX, byte == 0xc4 ? 2 : 1);
}

/* Reads ModRM, SIB and displacement. */
static int read_modrm(struct reader *reader)
{
	struct decoded *out = reader->out;
	int modrm = reader_byte(reader);
	unsigned displacement = 0;
	int mod, base;

	if (modrm < 0)
		return modrm;
	out->has_modrm = true;
	out->modrm = (unsigned char)modrm;
	mod = modrm >> 6;
	base = modrm & 7;
	/* moves to and from control and debug registers ignore mod */
	if (out->encoding == ENCODING_LEGACY && out->opcode_map == 1 && out->opcode >> 2 == 8)
		mod = MOD_REGISTER;
	if (mod == MOD_REGISTER)
		return 0;
	if (base == 4) {
		int sib = reader_byte(reader);

		if (sib < 0)
			return sib;
		base = sib & 7;
	} else if (base == 5 && mod == 0) {
		out->rip_relative = true;
		out->rip_displacement_offset = (unsigned char)reader->position;
	}
	if (mod == 2 || (mod == 0 && base == 5))
		displacement = 4;
	else if (mod == 1)
		displacement = 1;
	return reader_skip(reader, displacement);
}

/* Forms of the opcode extensions in ModRM that the processor refuses. */
static bool is_undefined_extension(const struct decoded *out)
{
	unsigned extension = out->modrm >> 3 & 7;
	bool registers = out->modrm >> 6 == MOD_REGISTER;

	if (out->encoding != ENCODING_LEGACY || out->opcode_map != 0)
		return false;
	switch (out->opcode) {
	case 0x8d: /* lea */
		return registers;
	case 0x8f: /* pop */
		return extension != 0;
	case 0xc6: /* mov, xabort */
	case 0xc7: /* mov, xbegin */
		return extension != 0 && out->modrm != 0xf8;
	case 0xfe:
		return extension > 1;
	case 0xff:
		return extension == 7 || (registers && (extension == 3 || extension == 5));
	default:
		return false;
	}
}

/* Size of the immediate, relative target or absolute address that ends the instruction. */
static unsigned tail_size(const struct decoded *out, char letter)
{
	bool wide = out->rex & REX_W;
	unsigned full = out->prefixes & PREFIX_OPERAND_SIZE && !wide ? 2 : 4;
	bool has_test_immediate = (out->modrm >> 3 & 7) < 2;

	switch (letter) {
	case 'b':
	case 'n':
	case 'j':
		return 1;
	case 't':
		return has_test_immediate ? 1 : 0;
	case 'w':
		return 2;
	case 'e':
		return 3;
	case 'l': /* Intel ignores 66 before near jumps in 64-bit mode */
		return 4;
	case 'z':
	case 'o':
		return full;
	case 'u':
		return has_test_immediate ? full : 0;
	case 'v':
		return wide ? 8 : full;
	case 'a':
		return out->prefixes & PREFIX_ADDRESS_SIZE ? 4 : 8;
	default: /* 66 or f2 0f 78: SSE4a's extrq and insertq, two imm8 */
		return out->encoding == ENCODING_LEGACY && out->opcode_map == 1 &&
				       out->opcode == 0x78 &&
				       out->prefixes & (PREFIX_OPERAND_SIZE | PREFIX_REPNE)
			       ? 2
			       : 0;
	}
}

int decode_length(const unsigned char *code, unsigned long available, struct decoded *out)
{
	struct reader reader = {code, available, 0, out};
	int letter, status;

	*out = (struct decoded){0};
	letter = read_opcode(&reader);
	if (letter < 0)
		return letter;
	if (letter == '-')
		return -EINVAL;
	if (letter == 'm' || (letter >= 'n' && letter <= 'u')) {
		status = read_modrm(&reader);
		if (status < 0)
			return status;
		if (is_undefined_extension(out))
			return -EINVAL;
	}
	status = reader_skip(&reader, tail_size(out, (char)letter));
	if (status < 0)
		return status;
	out->length = (unsigned char)reader.position;
	return out->length;
}

int decode_instruction(const unsigned char *code, unsigned long available, struct decoded *out)
{
	int length = decode_length(code, available, out);

	if (length > 0)
		flow_classify(code, out);
	return length;
}
