#include "surroundings.h"

#include <linux/errno.h>

#include "consensus.h"
#include "decode.h"
#include "effect.h"

enum {
	FUNCTION_MAX = 1 << 20,	  /* longer ones are left to consensus */
	PLAUSIBLE_AFTER = 8,	  /* instructions that must make sense after a site */
	PLAUSIBLE_BEFORE = 16,	  /* and before it */
	RESULT_WITHIN = 2,	  /* instructions after a site that may show what it is */
	NUMBERS = 1024,		  /* system call numbers are smaller */
	SHORT_BRANCH_REACH = 256, /* farther than any rel8 around a site's reach */
	SYSCALL_LENGTH = 2
};

_Static_assert(SITE_REACH_BEFORE >= SITE_BEFORE_MAX * DECODE_LENGTH_MAX, "neighbours are in reach");
_Static_assert(SITE_REACH_BEFORE + SITE_REACH_AFTER < 3 * 64, "entries has a bit for each byte");
_Static_assert(SITE_REACH_AFTER >= SYSCALL_LENGTH + SITE_AFTER_MAX * DECODE_LENGTH_MAX,
	"neighbours are in reach");

void surroundings_mark(struct site *site, unsigned long target)
{
	unsigned long bit = target - (site->address - SITE_REACH_BEFORE);

	if (bit <= SITE_REACH_BEFORE + SITE_REACH_AFTER)
		site->entries[bit / 64] |= 1UL << bit % 64;
}

static bool is_relative(const struct decoded *decoded)
{
	return decoded->flow == FLOW_JUMP || decoded->flow == FLOW_BRANCH ||
	       decoded->flow == FLOW_CALL;
}

static bool ends_straight_line(const struct decoded *decoded)
{
	return decoded->flow == FLOW_JUMP || decoded->flow == FLOW_INDIRECT_JUMP ||
	       decoded->flow == FLOW_RETURN || decoded->flow == FLOW_TRAP;
}

/* Notes where the instruction at address may send control. */
static void mark_branch(struct site *site, unsigned long address, const struct decoded *decoded)
{
	if (is_relative(decoded))
		surroundings_mark(site, address + (unsigned long)decoded->target);
	/* jmp *x(%rip) leaves through the GOT; any other may be a switch into this function */
	if (decoded->flow == FLOW_INDIRECT_JUMP && !decoded->rip_relative)
		site->blind = true;
}

static struct site_neighbour neighbour(long offset, const struct decoded *decoded)
{
	return (struct site_neighbour){(short)offset, decoded->length, decoded->rip_relative};
}

/* Moves the neighbours before the site one place away and puts this one nearest. */
static void push_before(struct site *site, struct site_neighbour nearest)
{
	for (unsigned i = SITE_BEFORE_MAX - 1; i > 0; i--)
		site->before[i] = site->before[i - 1];
	site->before[0] = nearest;
	if (site->before_count < SITE_BEFORE_MAX)
		site->before_count++;
}

static void append_after(struct site *site, struct site_neighbour next)
{
	if (site->after_count < SITE_AFTER_MAX)
		site->after[site->after_count++] = next;
}

/* pop %rax after push $imm8 at pushed: what gcc -Os writes for mov $imm8,%eax. */
static void find_pushed_number(
	struct site *site, const struct site_neighbour *pushed, const unsigned char *syscall)
{
	const unsigned char *push = syscall + pushed->offset;

	if (pushed->length != 2 || push[0] != 0x6a || push[1] > 0x7f)
		return;
	site->number = push[1];
	site->number_offset = pushed->offset;
}

/*
 * Looks for the constant in eax, from the syscall backwards, as long as every instruction is known
 * to leave rax alone. Entries are checked by site_number, when all of them are known.
 */
static void find_number(const struct memory_range *code, struct site *site)
{
	const unsigned char *syscall = code->bytes + (site->address - code->address);
	struct decoded decoded;

	for (unsigned i = 0; i < site->before_count; i++) {
		const unsigned char *bytes = syscall + site->before[i].offset;

		decode_instruction(bytes, site->before[i].length, &decoded);
		if (decoded.loads_eax_immediate) {
			site->number = decoded.immediate;
			site->number_offset = site->before[i].offset;
			return;
		}
		if (bytes[0] == 0x58 && i + 1 < site->before_count)
			find_pushed_number(site, &site->before[i + 1], syscall);
		if (effect_on_rax(&decoded) != EFFECT_KEEPS)
			return;
	}
}

/* True while the instruction at address may be listed after the site: nothing but straight line. */
static bool still_after(const struct site *site, unsigned long address)
{
	long expected = SYSCALL_LENGTH;

	if (site->after_count) {
		const struct site_neighbour *last = &site->after[site->after_count - 1];

		expected = last->offset + last->length;
	}
	return (long)(address - site->address) == expected;
}

int surroundings_by_function(
	const struct memory_range *code, const struct function *function, struct site *site)
{
	unsigned long start = function->start - code->address;
	unsigned long candidate = site->address - code->address;
	unsigned long end = start + function->length;
	bool reached = false;

	if (function->start < code->address || start > code->length ||
		function->length > code->length - start || function->length > FUNCTION_MAX)
		return -EINVAL;
	for (unsigned long i = start; i < end;) {
		unsigned long address = code->address + i;
		struct decoded decoded;
		int length = decode_instruction(code->bytes + i, end - i, &decoded);

		if (length < 0 && !reached)
			return -EINVAL;
		if (length < 0) {
			site->blind = true;
			break;
		}
		mark_branch(site, address, &decoded);
		if (i == candidate)
			reached = true;
		else if (i < candidate && decoded.flow != FLOW_NEXT)
			site->before_count = 0;
		else if (i < candidate)
			push_before(site, neighbour((long)(i - candidate), &decoded));
		else if (decoded.flow == FLOW_NEXT && still_after(site, address))
			append_after(site, neighbour((long)(i - candidate), &decoded));
		i += (unsigned long)length;
		if (!reached && i > candidate)
			return 0;
	}
	if (!reached)
		return 0;
	site->proof = SITE_BY_FUNCTION;
	find_number(code, site);
	return 1;
}

/* User code, and if it branches, then to code or, as calls of missing weak functions do, to 0. */
static bool makes_sense(
	const struct memory_range *code, unsigned long offset, const struct decoded *decoded)
{
	unsigned long target = offset + (unsigned long)decoded->target;

	if (is_relative(decoded) && target >= code->length && target + code->address != 0)
		return false;
	return effect_is_plausible(decoded);
}

/* A move to rax or a call that returns it; arithmetic is too common in data to mean anything. */
static bool loads_rax(const struct decoded *decoded)
{
	if (decoded->flow == FLOW_CALL || decoded->flow == FLOW_INDIRECT_CALL)
		return true;
	if (decoded->opcode_map == 0 && decoded->opcode < 0x40)
		return decoded->loads_eax_immediate;
	return effect_on_rax(decoded) == EFFECT_WRITES;
}

/* What programs do to a result: compare with -4095 or -1, test, copy, extend. */
static bool uses_rax(const struct decoded *decoded)
{
	bool registers = decoded->modrm >> 6 == 3;
	unsigned reg = decoded->modrm >> 3 & 7, rm = decoded->modrm & 7;

	if (decoded->encoding != ENCODING_LEGACY || decoded->opcode_map != 0 || decoded->prefixes)
		return false;
	switch (decoded->opcode) {
	case 0x3d: /* cmp */
	case 0x98: /* cltq */
		return true;
	case 0x83: /* cmp */
		return registers && reg == 7 && rm == 0;
	case 0x63: /* movslq */
		return registers && rm == 0;
	case 0x85: /* test */
	case 0x89: /* mov */
		return registers && reg == 0;
	default:
		return false;
	}
}

/* Padding between functions is executed by nobody, and a function may begin right after it. */
static bool is_padding(const unsigned char *bytes, const struct decoded *decoded)
{
	if (decoded->opcode_map == 1)
		return decoded->opcode == 0x1f;
	return decoded->opcode == 0x90 || (bytes[0] == 0 && bytes[1] == 0);
}

/*
 * Walks back over the boundaries that most streams share. Returns -EINVAL if what is there is not
 * code, 1 if it sets rax, else 0.
 */
static int look_before(
	const struct memory_range *code, const struct consensus *consensus, struct site *site)
{
	unsigned long candidate = site->address - code->address;
	bool straight = true, same_function = true;
	int sets_rax = 0;
	unsigned distance = consensus_previous(consensus, 0);

	for (unsigned i = 0; distance > 0; i++) {
		unsigned long offset = candidate - distance;
		const unsigned char *bytes = code->bytes + offset;
		struct decoded decoded;

		decode_instruction(bytes, consensus->length[distance], &decoded);
		mark_branch(site, code->address + offset, &decoded);
		if (ends_straight_line(&decoded))
			same_function = false;
		if (decoded.flow != FLOW_NEXT || is_padding(bytes, &decoded))
			straight = false;
		if (straight && site->before_count < SITE_BEFORE_MAX)
			site->before[site->before_count++] = neighbour(-(long)distance, &decoded);
		if (same_function && i < PLAUSIBLE_BEFORE && !makes_sense(code, offset, &decoded))
			return -EINVAL;
		if (same_function && loads_rax(&decoded))
			sets_rax = 1;
		distance = consensus_previous(consensus, distance);
	}
	return sets_rax;
}

/*
 * Walks forward from the syscall, a boundary by assumption. Returns -EINVAL if what is there is not
 * code, 1 if it soon looks at the result, else 0.
 */
static int look_after(const struct memory_range *code, struct site *site)
{
	unsigned long candidate = site->address - code->address;
	unsigned long i = candidate + SYSCALL_LENGTH;
	bool same_function = true;
	int uses_result = 0;

	for (unsigned count = 0; i < code->length && i - candidate < SHORT_BRANCH_REACH; count++) {
		unsigned long address = code->address + i;
		struct decoded decoded;
		int length = decode_instruction(code->bytes + i, code->length - i, &decoded);
		bool counts = same_function && count < PLAUSIBLE_AFTER;

		if (length < 0)
			return counts ? -EINVAL : uses_result;
		if (counts && !makes_sense(code, i, &decoded))
			return -EINVAL;
		if (count < RESULT_WITHIN && uses_rax(&decoded))
			uses_result = 1;
		mark_branch(site, address, &decoded);
		if (decoded.flow == FLOW_NEXT && still_after(site, address))
			append_after(site, neighbour((long)(i - candidate), &decoded));
		if (ends_straight_line(&decoded))
			same_function = false;
		i += (unsigned long)length;
	}
	return uses_result;
}

bool surroundings_follow_number(const struct memory_range *code, unsigned long candidate)
{
	struct decoded decoded;

	for (unsigned length = 5; length <= 7 && length <= candidate; length += 2) {
		const unsigned char *bytes = code->bytes + candidate - length;

		if (decode_instruction(bytes, length, &decoded) == (int)length &&
			decoded.loads_eax_immediate && decoded.immediate < NUMBERS)
			return true;
	}
	return false;
}

int surroundings_by_consensus(const struct memory_range *code, struct site *site)
{
	unsigned long candidate = site->address - code->address;
	struct consensus consensus;
	int before, after;

	consensus_open(&consensus, code->bytes, 0, code->length, candidate);
	if (!consensus_agrees(&consensus))
		return 0;
	before = look_before(code, &consensus, site);
	after = look_after(code, site);
	if (before < 0 || after < 0)
		return 0;
	if (before == 0 && after == 0 && !surroundings_follow_number(code, candidate))
		return 0;
	site->proof = SITE_BY_CONSENSUS;
	find_number(code, site);
	return 1;
}
