#define _POSIX_C_SOURCE 200809L

#include "../arch/x86_64/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Reads `objdump -d -w -M intel64` on standard input and decodes the bytes of every line that
 * objdump calls a whole instruction. Prints each disagreement and one line of totals; exits 1 if
 * any. Known differences of notation, not of meaning, are counted apart:
 *   - objdump joins fwait (9b) with the x87 instruction after it;
 *   - objdump prints prefixes that change nothing, and data, as lines of their own;
 *   - objdump takes REX before VEX, which the processor refuses: only data looks like that.
 */

static unsigned long compared, skipped, known, length_failures, flow_failures;

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_prefix(const char *word, size_t length)
{
	static const char prefixes[] = " bnd notrack data16 addr32 lock rep repz repnz xacquire "
				       "xrelease cs ds es fs gs ss ";
	char padded[16];

	if (starts(word, "rex"))
		return true;
	if (length == 0 || length > 8)
		return false;
	snprintf(padded, sizeof(padded), " %.*s ", (int)length, word);
	return strstr(prefixes, padded) != NULL;
}

/* Steps over what objdump prints before the mnemonic proper. */
static const char *mnemonic(const char *text)
{
	while (is_prefix(text, strcspn(text, " \n"))) {
		text += strcspn(text, " \n");
		text += strspn(text, " ");
	}
	return text;
}

static enum decode_flow indirect_or(
	const char *operand, enum decode_flow indirect, enum decode_flow direct)
{
	operand += strcspn(operand, " \n");
	operand += strspn(operand, " ");
	return *operand == '*' ? indirect : direct;
}

static enum decode_flow expected_flow(const char *text)
{
	if (starts(text, "call") || starts(text, "lcall"))
		return indirect_or(text, FLOW_INDIRECT_CALL, FLOW_CALL);
	if (starts(text, "jmp") || starts(text, "ljmp"))
		return indirect_or(text, FLOW_INDIRECT_JUMP, FLOW_JUMP);
	if (text[0] == 'j' || starts(text, "loop") || starts(text, "xbegin"))
		return FLOW_BRANCH;
	if (starts(text, "ret") || starts(text, "lret") || starts(text, "iret") ||
		starts(text, "sysret") || starts(text, "sysexit"))
		return FLOW_RETURN;
	if (starts(text, "syscall"))
		return FLOW_SYSCALL;
	if (starts(text, "ud") || starts(text, "int3") || starts(text, "int1") ||
		starts(text, "hlt"))
		return FLOW_TRAP;
	return FLOW_NEXT;
}

static bool is_relative(enum decode_flow flow)
{
	return flow == FLOW_JUMP || flow == FLOW_BRANCH || flow == FLOW_CALL;
}

static void check_flow(const char *line, unsigned long address, const struct decoded *out)
{
	const char *text = mnemonic(strrchr(line, '\t') + 1);
	enum decode_flow expected = expected_flow(text);
	bool matches = expected == out->flow;

	if (matches && is_relative(expected)) {
		const char *operand = text + strcspn(text, " ");
		unsigned long target = strtoul(operand, NULL, 16);

		matches = target == address + (unsigned long)out->target;
	}
	if (matches)
		return;
	flow_failures++;
	printf("flow %d: %s", (int)out->flow, line);
}

static bool is_rex_before_vex(const unsigned char *bytes, const char *line)
{
	return bytes[0] >> 4 == 4 && (bytes[1] == 0xc4 || bytes[1] == 0xc5) &&
	       mnemonic(strrchr(line, '\t') + 1)[0] == 'v';
}

static void check_line(const char *line)
{
	unsigned char bytes[32];
	unsigned long count = 0;
	char *cursor;
	unsigned long address = strtoul(line, &cursor, 16);
	struct decoded out;
	int length;

	if (*cursor != ':' || cursor[1] != '\t')
		return;
	for (cursor++; count < sizeof(bytes); count++) {
		char *next;
		unsigned long value = strtoul(cursor, &next, 16);

		if (next == cursor || *cursor == '\n')
			break;
		bytes[count] = (unsigned char)value;
		cursor = next;
		if (next[0] != ' ' || next[1] == ' ' || next[1] == '\t' || next[1] == '\n')
			break;
	}
	count++;
	if (strstr(line, "(bad)") || strstr(line, "\t.byte") || !strchr(cursor, '\t') ||
		mnemonic(strchr(cursor, '\t') + 1)[0] == '\n') {
		skipped++;
		return;
	}
	if ((bytes[0] == 0x9b && count > 1) || is_rex_before_vex(bytes, line)) {
		known++;
		return;
	}
	compared++;
	length = decode_instruction(bytes, count, &out);
	if (length != (int)count) {
		length_failures++;
		printf("length %d: %s", length, line);
		return;
	}
	check_flow(line, address, &out);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0)
		check_line(line);
	free(line);
	printf("compared %lu skipped %lu known %lu length-differences %lu flow-differences %lu\n",
		compared, skipped, known, length_failures, flow_failures);
	return length_failures || flow_failures;
}
