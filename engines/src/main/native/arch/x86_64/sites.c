#include "sites.h"

#include <linux/errno.h>

#include "decode.h"
#include "surroundings.h"

enum {
	SYSCALL_FIRST = 0x0f,
	SYSCALL_SECOND = 0x05,
	SYSENTER_SECOND = 0x34,
	INTERRUPT_FIRST = 0xcd,
	INTERRUPT_SECOND = 0x80,
	WORD = 8,
	FAR_BRANCH = 6, /* bytes of the longest: jcc */
	BUCKET_SHIFT = 7,
	BUCKETS = 1 << 14 /* bits of a filter of 2 KiB */
};

#define EACH_BYTE 0x0101010101010101UL
#define HIGH_BITS 0x8080808080808080UL

static unsigned long load_word(const unsigned char *bytes)
{
	unsigned long word;

	__builtin_memcpy(&word, bytes, WORD);
	return word;
}

/* The high bit of each byte that is zero; bytes above a zero byte may be set too. */
static unsigned long zero_bytes(unsigned long word)
{
	return (word - EACH_BYTE) & ~word & HIGH_BITS;
}

static unsigned first_byte(unsigned long mask)
{
	return (unsigned)__builtin_ctzl(mask) / 8;
}

enum site_kind sites_kind(const unsigned char *bytes)
{
	if (bytes[0] == INTERRUPT_FIRST)
		return bytes[1] == INTERRUPT_SECOND ? SITE_INTERRUPT : SITE_NONE;
	if (bytes[0] != SYSCALL_FIRST)
		return SITE_NONE;
	if (bytes[1] == SYSCALL_SECOND)
		return SITE_SYSCALL;
	return bytes[1] == SYSENTER_SECOND ? SITE_SYSENTER : SITE_NONE;
}

/*
 * The high bit of each of eight bytes where one of the three may begin. A byte of `call` is zero
 * where 0f stands and, one further, 05 or 34, or another that has the same bits but for those by
 * which the two differ.
 */
static unsigned long candidates(const unsigned char *bytes)
{
	unsigned long word = load_word(bytes), next = load_word(bytes + 1);
	unsigned long either = ~(EACH_BYTE * (SYSCALL_SECOND ^ SYSENTER_SECOND));
	unsigned long call =
		(word ^ EACH_BYTE * SYSCALL_FIRST) | ((next ^ EACH_BYTE * SYSCALL_SECOND) & either);
	unsigned long interrupt =
		(word ^ EACH_BYTE * INTERRUPT_FIRST) | (next ^ EACH_BYTE * INTERRUPT_SECOND);

	return zero_bytes(call) | zero_bytes(interrupt);
}

unsigned long sites_next(const struct memory_range *code, unsigned long from)
{
	const unsigned char *bytes = code->bytes;
	unsigned long i = from;

	for (; i + WORD < code->length; i += WORD) {
		unsigned long mask = candidates(bytes + i);

		for (; mask; mask &= mask - 1) {
			if (sites_kind(bytes + i + first_byte(mask)) != SITE_NONE)
				return i + first_byte(mask);
		}
	}
	for (; i + 1 < code->length; i++) {
		if (sites_kind(bytes + i) != SITE_NONE)
			return i;
	}
	return code->length;
}

int sites_prove(const struct memory_range *code, const struct functions *functions,
	unsigned long address, struct site *out)
{
	unsigned long offset = address - code->address;
	struct function function;
	int status = -ENOENT;

	if (address < code->address || offset >= code->length || code->length - offset < 2)
		return -EINVAL;
	if (sites_kind(code->bytes + offset) == SITE_NONE)
		return -EINVAL;
	*out = (struct site){.address = address};
	if (functions && functions_find(functions, address, &function) == 0)
		status = surroundings_by_function(code, &function, out);
	if (status >= 0)
		return status;
	*out = (struct site){.address = address};
	return surroundings_by_consensus(code, out);
}

/* Sites by address: a bit for each stretch of 128 bytes that a site's reach touches. */
struct filter {
	unsigned long bits[BUCKETS / 64];
};

static unsigned long bucket_of(unsigned long address)
{
	return address >> BUCKET_SHIFT & (BUCKETS - 1);
}

static bool filter_has(const struct filter *filter, unsigned long address)
{
	unsigned long bucket = bucket_of(address);

	return filter->bits[bucket / 64] >> bucket % 64 & 1;
}

static void filter_add(struct filter *filter, unsigned long address)
{
	unsigned long bucket = bucket_of(address);

	filter->bits[bucket / 64] |= 1UL << bucket % 64;
}

static void mark_target(unsigned long target, struct site *sites, unsigned long count)
{
	unsigned long low = 0, high = count;

	/* the first site whose reach does not end before target; reaches may overlap */
	while (low < high) {
		unsigned long middle = low + (high - low) / 2;

		if (sites[middle].address + SITE_REACH_AFTER < target)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && sites[low].address <= target + SITE_REACH_BEFORE; low++)
		surroundings_mark(&sites[low], target);
}

/* The high bit of each of eight bytes where a call, jmp or jcc with a rel32 may begin. */
static unsigned long far_branches(const unsigned char *bytes)
{
	unsigned long word = load_word(bytes), next = load_word(bytes + 1);
	unsigned long call = (word & ~EACH_BYTE) ^ EACH_BYTE * 0xe8;
	unsigned long branch = (word ^ EACH_BYTE * 0x0f) | ((next & EACH_BYTE * 0xf0) ^ HIGH_BITS);

	return zero_bytes(call) | zero_bytes(branch);
}

/* Marks where the call, jmp or jcc with a rel32 at offset goes. */
static void mark_far(const struct memory_range *code, unsigned long offset,
	const struct filter *filter, struct site *sites, unsigned long count)
{
	unsigned opcode = code->bytes[offset] == SYSCALL_FIRST ? 2 : 1;
	unsigned long target;
	int displacement;

	__builtin_memcpy(&displacement, code->bytes + offset + opcode, 4);
	target = code->address + offset + opcode + 4 + (unsigned long)(long)displacement;
	if (filter_has(filter, target))
		mark_target(target, sites, count);
}

/* Looks at every byte, boundary or not: an entry too many only costs a shorter patch. */
void sites_mark_entries(const struct memory_range *code, struct site *sites, unsigned long count)
{
	unsigned long last = code->length - FAR_BRANCH;
	struct filter filter = {{0}};

	if (count == 0 || code->length < WORD + FAR_BRANCH)
		return;
	for (unsigned long i = 0; i < count; i++) {
		filter_add(&filter, sites[i].address - SITE_REACH_BEFORE);
		filter_add(&filter, sites[i].address);
		filter_add(&filter, sites[i].address + SITE_REACH_AFTER);
	}
	for (unsigned long i = 0; i <= last; i += WORD) {
		/* the last word overlaps the one before, so that no place is left out */
		unsigned long from = i + WORD <= last ? i : last + 1 - WORD;
		unsigned long mask = far_branches(code->bytes + from);

		for (; mask; mask &= mask - 1)
			mark_far(code, from + first_byte(mask), &filter, sites, count);
	}
	if ((code->bytes[last + 1] & 0xfe) == 0xe8)
		mark_far(code, last + 1, &filter, sites, count);
}

bool site_entered(const struct site *site, int first, int last)
{
	for (int offset = first; offset <= last; offset++) {
		unsigned bit = (unsigned)(offset + SITE_REACH_BEFORE);

		if (offset < -SITE_REACH_BEFORE || offset > SITE_REACH_AFTER)
			return true;
		if (site->entries[bit / 64] >> bit % 64 & 1)
			return true;
	}
	return false;
}

long site_number(const struct site *site)
{
	if (site->number_offset == 0 || site->blind ||
		site_entered(site, site->number_offset + 1, 0))
		return -1;
	return (long)site->number;
}
