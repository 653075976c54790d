#include "intercept/filter.h"

#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/seccomp.h>

#include "check.h"
#include "machine.h"
#include "rules/rule.h"

/* The programs of mode F2, run on every number from every kind of place. */

enum {
	OWN_BEGIN = 0x7c000000,
	OWN_END = 0x7c010000,
	GATE_BEGIN = 0x7c001000,
	GATE_END = 0x7c002000
};
enum { GATE_OWN_BEGIN = 0x7c001400, GATE_OWN_END = 0x7c001500, MOST = 4096, GUESTS = 77 };

static struct sock_filter code[MOST];

static struct filter empty(void)
{
	return (struct filter){.code = code, .most = MOST};
}

/* As the kernel runs them, as far as they go (net/core/filter.c). */
static long run(const struct filter *filter, const struct seccomp_data *data)
{
	unsigned accumulator = 1;
	unsigned index = 0;

	for (size_t at = 0; at < filter->length; at++) {
		const struct sock_filter *step = &filter->code[at];

		switch (step->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&accumulator, (const char *)data + step->k, 4);
			break;
		case BPF_LD | BPF_IMM:
			accumulator = step->k;
			break;
		case BPF_JMP | BPF_JA:
			at += step->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			at += accumulator == step->k ? step->jt : step->jf;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			at += accumulator >= step->k ? step->jt : step->jf;
			break;
		case BPF_JMP | BPF_JGT | BPF_X:
			at += accumulator > index ? step->jt : step->jf;
			break;
		case BPF_ALU | BPF_SUB | BPF_X:
			accumulator -= index;
			break;
		case BPF_MISC | BPF_TAX:
			index = accumulator;
			break;
		case BPF_RET | BPF_K:
			return step->k;
		case BPF_RET | BPF_A:
			return accumulator;
		default:
			return -1;
		}
	}
	return -2;
}

static long ask(
	const struct filter *filter, unsigned architecture, unsigned number, unsigned long place)
{
	struct seccomp_data data = {
		.nr = (int)number, .arch = architecture, .instruction_pointer = place};

	return run(filter, &data);
}

static void check_trap(void)
{
	const struct filter_range own = {OWN_BEGIN, OWN_END};
	static const unsigned long outside[] = {
		0x400000, OWN_BEGIN - 1, OWN_END, 0x7f0000001000, 0x17c001000, 0xffffffffff600000};
	struct filter filter = empty();

	filter_put_trap(&filter, &own, SECCOMP_RET_TRAP);
	check_number("fits", 0, filter.overflow);
	check_number("fits into what there is", 1, filter.length <= FILTER_TRAP_MOST);
	for (unsigned number = 0; number < RULES_MOST + 100; number++) {
		bool passes = number < RULES_MOST && rules_pass[number] != 0;

		for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
			check_number("a call of the guest's",
				passes ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP,
				ask(&filter, MACHINE_AUDIT, number, outside[i]));
		check_number("a call of the engine's", SECCOMP_RET_ALLOW,
			ask(&filter, MACHINE_AUDIT, number, OWN_BEGIN));
		check_number("its last", SECCOMP_RET_ALLOW,
			ask(&filter, MACHINE_AUDIT, number, OWN_END - 1));
		check_number("of a 32-bit program", SECCOMP_RET_ERRNO | ENOSYS,
			ask(&filter, MACHINE_AUDIT & ~(unsigned)__AUDIT_ARCH_64BIT, number,
				OWN_BEGIN));
		check_number("of x32", SECCOMP_RET_ERRNO | ENOSYS,
			ask(&filter, MACHINE_AUDIT, number | 0x40000000, 0x400000));
	}
	check_number(
		"no call", SECCOMP_RET_ERRNO | ENOSYS, ask(&filter, MACHINE_AUDIT, ~0U, 0x400000));
	filter.most = 100;
	filter.length = 0;
	filter_put_trap(&filter, &own, SECCOMP_RET_TRAP);
	check_number("does not fit", 1, filter.overflow);
}

enum { COMPAT_NUMBERS = 480, MEMORY_END = OWN_BEGIN + 0x2000000 };

static long ask_compat(
	const struct filter *filter, unsigned number, unsigned first, unsigned second)
{
	struct seccomp_data data = {.nr = (int)number,
		.arch = AUDIT_ARCH_I386,
		.instruction_pointer = 0x8049000,
		.args = {first, second}};

	return run(filter, &data);
}

static void check_compat(void)
{
	const struct filter_range own = {OWN_BEGIN, OWN_END};
	const struct filter_range memory = {OWN_BEGIN, MEMORY_END};
	static const unsigned short ranged[] = {91, 125};
	static unsigned char passing[COMPAT_NUMBERS];
	const struct filter_compat calls = {AUDIT_ARCH_I386, passing, COMPAT_NUMBERS, ranged, 2};
	const struct {
		unsigned first;
		unsigned second;
		bool passes;
	} ranges[] = {{0x8048000, 0x1000, true}, {OWN_BEGIN - 0x1000, 0x1000, true},
		{OWN_BEGIN - 0x1000, 0x1001, false}, {OWN_BEGIN - 0x1000, 0xffffffff, false},
		{0, 0xffffffff, false}, {0, OWN_BEGIN, true}, {OWN_BEGIN, 0, false},
		{MEMORY_END - 1, 1, false}, {MEMORY_END, 0x1000, true}, {0xfffff000, 0x1000, true}};
	struct filter filter = empty();

	for (unsigned number = 0; number < COMPAT_NUMBERS; number++)
		passing[number] = number / 7 % 2 != 0 && number != 91 && number != 125;
	filter_put_compat(&filter, &calls, &own, &memory, SECCOMP_RET_TRAP);
	filter_put_trap(&filter, &own, SECCOMP_RET_TRAP);
	check_number("fits", 0, filter.overflow);
	for (unsigned number = 0; number < COMPAT_NUMBERS + 100; number++) {
		bool passes = number < COMPAT_NUMBERS && passing[number] != 0;

		if (number == 91 || number == 125)
			continue;
		check_number("a call of 32 bits", passes ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP,
			ask_compat(&filter, number, OWN_BEGIN, 1));
		check_number("the engine's own", SECCOMP_RET_ALLOW,
			ask(&filter, AUDIT_ARCH_I386, number, OWN_BEGIN));
		check_number("one of 64 bits", ask(&filter, MACHINE_AUDIT, number, 0x400000),
			number < RULES_MOST && rules_pass[number] != 0 ? SECCOMP_RET_ALLOW
								       : SECCOMP_RET_TRAP);
	}
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		check_number("about memory",
			ranges[i].passes ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP,
			ask_compat(
				&filter, i % 2 == 0 ? 91 : 125, ranges[i].first, ranges[i].second));
}

static void check_front(void)
{
	const struct filter_range own = {OWN_BEGIN, OWN_END};
	const struct filter_range gate = {GATE_BEGIN, GATE_END};
	const struct filter_range gate_own = {GATE_OWN_BEGIN, GATE_OWN_END};
	const struct {
		unsigned long place;
		bool guest;
	} places[] = {{OWN_BEGIN - 1, true}, {OWN_BEGIN, false}, {GATE_BEGIN - 1, false},
		{GATE_BEGIN, true}, {GATE_OWN_BEGIN - 1, true}, {GATE_OWN_BEGIN, false},
		{GATE_OWN_END - 1, false}, {GATE_OWN_END, true}, {GATE_END - 1, true},
		{GATE_END, false}, {OWN_END - 1, false}, {OWN_END, true}, {0x400000, true},
		{0x17c000000, true}, {0x7f0000001000, true}};
	struct filter filter = empty();
	/* Counts on the register being zero at its start. */
	const struct sock_filter guest[] = {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, GUESTS), BPF_STMT(BPF_RET | BPF_K, 1)};

	filter_put_front(&filter, &own, &gate, &gate_own);
	check_number("fits", 1, !filter.overflow && filter.length <= FILTER_FRONT);
	memcpy(filter.code + filter.length, guest, sizeof(guest));
	filter.length += sizeof(guest) / sizeof(guest[0]);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		check_number("who decides", places[i].guest ? GUESTS : SECCOMP_RET_ALLOW,
			ask(&filter, MACHINE_AUDIT, 1, places[i].place));
}

int main(void)
{
	check_trap();
	check_compat();
	check_front();
	return check_report("filter");
}
