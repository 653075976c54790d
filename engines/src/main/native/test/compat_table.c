#include <linux/errno.h>
#include <string.h>

#include "compat.h"
#include "compat/calls.h"
#include "rules/rule.h"
#include "test/check.h"
#include "test/numbers.h"

/*
 * arch/x86_64/compat/: of the calls that 32-bit programs have none passes that the engine wants by
 * its name, and every number is the kernel's for that name.
 */

extern const struct numbered_call compat_numbered_calls[];

const char engine_begin[1];

static const struct numbered_call *find(const struct numbered_call *calls, const char *name)
{
	while (calls->name != NULL && strcmp(calls->name, name) != 0)
		calls++;
	return calls->name != NULL ? calls : NULL;
}

struct named {
	unsigned number;
	const char *name;
};

#define PASS(number, name) {number, #name},
#define RANGE(number, name) {number, #name},
#define SAME(number, name, twin) {number, #name},
#define NARROW(number, name, twin) {number, #name},
#define CALL(number, name, function) {number, #name},
#define REFUSE(number, name, code) {number, #name},

static const struct named rows[] = {
#include "compat/calls.def"
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* Younger calls than the headers have no number there. */
static void numbers_are_the_kernels(void)
{
	size_t found = 0;

	for (size_t i = 0; i < ROWS; i++) {
		const struct numbered_call *call = find(compat_numbered_calls, rows[i].name);

		if (call == NULL)
			continue;
		found++;
		check_number(rows[i].name, (long)call->number, (long)rows[i].number);
	}
	check_number("more than 300 calls", true, found > 300);
}

static bool is_wanted(const struct rule *rule)
{
	return rule->action == RULE_PATHS || (rule->action == RULE_REFUSE && rule->error != ENOSYS);
}

/* A path is never the kernel's alone, whatever else there is to the call. */
static void what_is_wanted_does_not_pass(void)
{
	size_t wanted = 0;

	for (const struct numbered_call *call = compat_numbered_calls; call->name != NULL; call++) {
		const struct numbered_call *wide = find(numbered_calls, call->name);

		if (wide == NULL || !is_wanted(rule_of(wide->number)))
			continue;
		wanted++;
		check_number(
			call->name, 0, call->number < COMPAT_CALLS && compat_passing[call->number]);
	}
	check_number("more than 40 calls", true, wanted > 40);
}

static void tables_agree(void)
{
	for (unsigned number = 0; number < COMPAT_CALLS; number++) {
		const struct compat_row *row = compat_row_of(number);

		check_number("passes in both", row->kind == COMPAT_PASS, compat_passing[number]);
		if (row->kind == COMPAT_SAME || row->kind == COMPAT_NARROW)
			check_number("its twin does not pass", false,
				rule_of(row->twin)->action == RULE_PASS);
		if (row->kind == COMPAT_NARROW)
			check_number("its twin is a row of paths", RULE_PATHS,
				rule_of(row->twin)->action);
		if (row->kind == COMPAT_CALL || row->kind == COMPAT_RANGE)
			check_number("has a function", true, row->call != NULL);
	}
}

static void what_nobody_knows_is_refused(void)
{
	/* oldstat, readdir, 16-bit setgroups, getdents, vm86, io_uring_setup, clone3; and no calls.
	 */
	static const unsigned long numbers[] = {
		18, 89, 81, 141, 166, 425, 435, 479, 480, 0xffffffff};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		check_number("is refused", COMPAT_REFUSE, compat_row_of(numbers[i])->kind);
		check_number("with ENOSYS", ENOSYS, compat_row_of(numbers[i])->error);
	}
}

int main(void)
{
	numbers_are_the_kernels();
	what_is_wanted_does_not_pass();
	tables_agree();
	what_nobody_knows_is_refused();
	return check_report("compat");
}
