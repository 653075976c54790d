#include "intercept/filter.h"

#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/seccomp.h>

#include "machine.h"
#include "rules/rule.h"

/* Numbers from here on belong to other interfaces, as x32 does on x86_64. */
enum { FOREIGN_NUMBERS = 0x40000000, NEAR_MOST = 255 };

enum {
	NUMBER_AT = offsetof(struct seccomp_data, nr),
	ARCHITECTURE_AT = offsetof(struct seccomp_data, arch),
	PLACE_AT = offsetof(struct seccomp_data, instruction_pointer), /* its low half */
	PLACE_HIGH_AT = PLACE_AT + 4,
	/* The low halves. */
	FIRST_ARGUMENT_AT = offsetof(struct seccomp_data, args),
	SECOND_ARGUMENT_AT = FIRST_ARGUMENT_AT + 8
};

/* Returns where the instruction lies, for jumps that are set later. */
static size_t put(struct filter *filter, unsigned operation, unsigned value)
{
	if (filter->length == filter->most) {
		filter->overflow = true;
		return 0;
	}
	filter->code[filter->length] =
		(struct sock_filter){.code = (unsigned short)operation, .k = value};
	return filter->length++;
}

static void put_load(struct filter *filter, unsigned offset)
{
	put(filter, BPF_LD | BPF_W | BPF_ABS, offset);
}

static void put_return(struct filter *filter, unsigned answer)
{
	put(filter, BPF_RET | BPF_K, answer);
}

static unsigned char distance(struct filter *filter, size_t from, size_t to)
{
	if (to - from - 1 > NEAR_MOST)
		filter->overflow = true;
	return (unsigned char)(to - from - 1);
}

/* The value in hand is at least this: goes on at the place, which lies ahead. Else right behind. */
static void put_from(struct filter *filter, unsigned value, size_t place)
{
	size_t at = put(filter, BPF_JMP | BPF_JGE | BPF_K, value);

	filter->code[at].jt = distance(filter, at, place);
}

static void put_equal(struct filter *filter, unsigned value, size_t otherwise)
{
	size_t at = put(filter, BPF_JMP | BPF_JEQ | BPF_K, value);

	filter->code[at].jf = distance(filter, at, otherwise);
}

/* Numbers in runs, each of which passes as a whole or does not; `first` of each. */
struct runs {
	const unsigned char *passing;
	unsigned short first[RULES_MOST];
	size_t count;
};

static void find_runs(struct runs *runs, const unsigned char *passing, unsigned most)
{
	runs->passing = passing;
	runs->count = 0;
	for (unsigned number = 0; number < most; number++) {
		if (number == 0 || passing[number] != passing[number - 1])
			runs->first[runs->count++] = (unsigned short)number;
	}
}

/* A search by halves. Those that do not pass leave by a jump without a distance yet. */
static void put_search(struct filter *filter, const struct runs *runs, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2;
	size_t at;

	if (high - low == 1) {
		if (runs->passing[runs->first[low]] != 0)
			put_return(filter, SECCOMP_RET_ALLOW);
		else
			put(filter, BPF_JMP | BPF_JA, 0);
		return;
	}
	at = put(filter, BPF_JMP | BPF_JGE | BPF_K, runs->first[middle]);
	put_search(filter, runs, low, middle);
	filter->code[at].jt = distance(filter, at, filter->length);
	put_search(filter, runs, middle, high);
}

static void end_search(struct filter *filter, size_t first)
{
	for (size_t i = first; i < filter->length; i++) {
		if (filter->code[i].code == (BPF_JMP | BPF_JA))
			filter->code[i].k = (unsigned)(filter->length - i - 1);
	}
}

static void put_place_test(struct filter *filter, const struct filter_range *own, unsigned answer)
{
	size_t trap = filter->length + 5;

	put_load(filter, PLACE_HIGH_AT);
	put_equal(filter, 0, trap);
	put_load(filter, PLACE_AT);
	put_from(filter, (unsigned)own->end, trap);
	put_from(filter, (unsigned)own->begin, trap + 1);
	put_return(filter, answer);
	put_return(filter, SECCOMP_RET_ALLOW);
}

void filter_put_trap(struct filter *filter, const struct filter_range *own, unsigned answer)
{
	static struct runs runs;
	size_t refuse = filter->length + 5;
	size_t search;

	find_runs(&runs, rules_pass, RULES_MOST);
	put_load(filter, ARCHITECTURE_AT);
	put_equal(filter, MACHINE_AUDIT, refuse);
	put_load(filter, NUMBER_AT);
	/* Over the refusal. */
	put_from(filter, FOREIGN_NUMBERS, refuse);
	search = put(filter, BPF_JMP | BPF_JA, 0);
	filter->code[search].k = 1;
	put_return(filter, SECCOMP_RET_ERRNO | ENOSYS);
	search = filter->length;
	put_search(filter, &runs, 0, runs.count);
	end_search(filter, search);
	put_place_test(filter, own, answer);
}

/* A jump to a place that is not known yet. */
static size_t put_skip(struct filter *filter)
{
	return put(filter, BPF_JMP | BPF_JA, 0);
}

static void end_skip(struct filter *filter, size_t at)
{
	filter->code[at].k = (unsigned)(filter->length - at - 1);
}

/* Memory that begins at the first argument and is as long as the second: passes, or goes on. */
static void put_range_test(struct filter *filter, const struct filter_range *memory)
{
	size_t allow = filter->length + 9;

	put_load(filter, FIRST_ARGUMENT_AT);
	put_from(filter, (unsigned)memory->end, allow);
	put_from(filter, (unsigned)memory->begin, allow + 1);
	/* From there to the engine's first byte. */
	put(filter, BPF_MISC | BPF_TAX, 0);
	put(filter, BPF_LD | BPF_IMM, (unsigned)memory->begin);
	put(filter, BPF_ALU | BPF_SUB | BPF_X, 0);
	put(filter, BPF_MISC | BPF_TAX, 0);
	put_load(filter, SECOND_ARGUMENT_AT);
	filter->code[put(filter, BPF_JMP | BPF_JGT | BPF_X, 0)].jt = 1;
	put_return(filter, SECCOMP_RET_ALLOW);
}

void filter_put_compat(struct filter *filter, const struct filter_compat *calls,
	const struct filter_range *own, const struct filter_range *memory, unsigned answer)
{
	static struct runs runs;
	size_t others;
	size_t search;
	size_t trap;
	size_t first;

	find_runs(&runs, calls->passing, calls->count);
	put_load(filter, ARCHITECTURE_AT);
	filter->code[put(filter, BPF_JMP | BPF_JEQ | BPF_K, calls->architecture)].jt = 1;
	others = put_skip(filter);
	put_load(filter, NUMBER_AT);
	first = filter->length;
	for (size_t i = 0; i < calls->ranged_count; i++)
		put(filter, BPF_JMP | BPF_JEQ | BPF_K, calls->ranged[i]);
	search = put_skip(filter);
	for (size_t i = first; i < search; i++)
		filter->code[i].jt = distance(filter, i, filter->length);
	put_range_test(filter, memory);
	trap = put_skip(filter);
	end_skip(filter, search);
	search = filter->length;
	put_search(filter, &runs, 0, runs.count);
	end_search(filter, search);
	end_skip(filter, trap);
	put_place_test(filter, own, answer);
	end_skip(filter, others);
}

void filter_put_question(struct filter *filter, unsigned number)
{
	put_load(filter, NUMBER_AT);
	put_equal(filter, number, filter->length + 2);
	put_return(filter, SECCOMP_RET_TRACE);
}

void filter_put_front(struct filter *filter, const struct filter_range *own,
	const struct filter_range *gate, const struct filter_range *gate_own)
{
	size_t allow = filter->length + 10;
	size_t guest = allow + 1;

	put_load(filter, PLACE_HIGH_AT);
	put_equal(filter, 0, guest);
	put_load(filter, PLACE_AT);
	put_from(filter, (unsigned)own->end, guest);
	put_from(filter, (unsigned)gate->end, allow);
	put_from(filter, (unsigned)gate_own->end, guest);
	put_from(filter, (unsigned)gate_own->begin, allow);
	put_from(filter, (unsigned)gate->begin, guest);
	put_from(filter, (unsigned)own->begin, allow);
	/* Below the engine: over the permission, to the guest's. */
	put(filter, BPF_JMP | BPF_JA, 1);
	put_return(filter, SECCOMP_RET_ALLOW);
	/* The guest's program finds the registers as if it began here. */
	put(filter, BPF_LD | BPF_IMM, 0);
}
