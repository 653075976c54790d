#include <linux/errno.h>

#include "rules/names.h"
#include "rules/numbers.h"
#include "rules/rule.h"
#include "test/check.h"
#include "test/numbers.h"

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

/* Linux 6.18 ends here: a younger call has no row, and is refused. */
enum { LAST_NUMBER = 469 };

static void every_call_has_a_row(void)
{
	size_t calls = 0;

	for (const struct numbered_call *call = numbered_calls; call->name != NULL; call++) {
		if (call->number > LAST_NUMBER)
			continue;
		calls++;
		check_text(call->name, call->name, rule_name(call->number));
	}
	check_number("more than 300 calls", true, calls > 300);
}

/* Nobody gets a mount, a handle, a program or a call by another way than through the rows. */
static void nothing_goes_around(void)
{
	static const unsigned long refused[] = {__NR_io_uring_setup, __NR_io_uring_enter,
		__NR_io_uring_register, __NR_open_by_handle_at, __NR_chroot, __NR_pivot_root,
		__NR_mount, __NR_umount2, __NR_fsopen, __NR_fsconfig, __NR_fsmount, __NR_fspick,
		__NR_move_mount, __NR_mount_setattr, __NR_open_tree_attr, __NR_statmount,
		__NR_listmount, __NR_acct, __NR_swapon, __NR_swapoff, __NR_quotactl,
		__NR_quotactl_fd};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_number(rule_name(refused[i]), RULE_REFUSE, rule_of(refused[i])->action);
}

static void ways_around(void)
{
	check_number("io_uring", RULE_REFUSE, rule_of(__NR_io_uring_setup)->action);
	check_number("open_by_handle_at", RULE_REFUSE, rule_of(__NR_open_by_handle_at)->action);
	check_number("chroot", EPERM, rule_of(__NR_chroot)->error);
	check_number("mount", EPERM, rule_of(__NR_mount)->error);
	check_number("mkdirat", RULE_PATHS, rule_of(__NR_mkdirat)->action);
	check_number("fchmodat2", RULE_PATHS, rule_of(__NR_fchmodat2)->action);
	check_number("setxattrat", RULE_PATHS, rule_of(__NR_setxattrat)->action);
	check_number("read", RULE_PASS, rule_of(__NR_read)->action);
}

int main(void)
{
	unknown_calls();
	both_tables_agree();
	ways_around();
	every_call_has_a_row();
	nothing_goes_around();
	return check_report("rules");
}
