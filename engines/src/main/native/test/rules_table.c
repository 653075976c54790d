#include <linux/errno.h>

#include "rules/numbers.h"
#include "rules/rule.h"
#include "test/check.h"

/* rules/: nothing the kernel has for a path passes, and what nobody knows is refused. */

static void unknown_calls(void)
{
	static const unsigned long numbers[] = {470, 500, 1023, 1024, 0x40000000, 0x40000101, ~0UL};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct rule *rule = rule_of(numbers[i]);

		check_number("unknown is refused", RULE_REFUSE, rule->action);
		check_number("with ENOSYS", ENOSYS, rule->error);
	}
}

static void both_tables_agree(void)
{
	for (unsigned long number = 0; number < RULES_MOST; number++) {
		const struct rule *rule = rule_of(number);

		check_number("passes in both", rule->action == RULE_PASS, rules_pass[number]);
		if (rule->action == RULE_PATHS)
			check_number("has a path", true, rule->paths[0].path >= 0);
		if (rule->action == RULE_CALL)
			check_number("has a function", true, rule->call != NULL);
	}
}

static void ways_around(void)
{
	check_number("io_uring", RULE_REFUSE, rule_of(__NR_io_uring_setup)->action);
	check_number("open_by_handle_at", RULE_REFUSE, rule_of(__NR_open_by_handle_at)->action);
	check_number("chroot", EPERM, rule_of(__NR_chroot)->error);
	check_number("mount", EPERM, rule_of(__NR_mount)->error);
	check_number("openat", RULE_PATHS, rule_of(__NR_openat)->action);
	check_number("fchmodat2", RULE_PATHS, rule_of(__NR_fchmodat2)->action);
	check_number("setxattrat", RULE_PATHS, rule_of(__NR_setxattrat)->action);
	check_number("read", RULE_PASS, rule_of(__NR_read)->action);
}

int main(void)
{
	unknown_calls();
	both_tables_agree();
	ways_around();
	return check_report("rules");
}
