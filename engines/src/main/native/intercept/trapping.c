#include "intercept/trapping.h"

#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

#include "base/sys.h"
#include "compat.h"
#include "intercept/crash.h"
#include "intercept/engine.h"
#include "intercept/filter.h"
#include "machine.h"
#include "rules/rule.h"
#include "syscall.h"

extern const char engine_begin[];
extern const char etext[];
extern const char _end[];
extern const char gate_calls_begin[];
extern const char gate_calls_end[];
extern const char gate_own_begin[];
extern const char gate_own_end[];

static struct filter_range range(const char *begin, const char *end)
{
	return (struct filter_range){(unsigned long)begin, (unsigned long)end};
}

static long load(const struct filter *filter)
{
	struct sock_fprog program = {.len = (unsigned short)filter->length, .filter = filter->code};
	/* Or older kernels slow the process down against attacks that this filter is no part of. */
	long result =
		sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);

	return result == -EINVAL ? sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, &program) : result;
}

static unsigned long page_up(unsigned long address)
{
	return (address + MACHINE_PAGE - 1) & ~(unsigned long)(MACHINE_PAGE - 1);
}

long trapping_start(bool traced)
{
	static struct sock_filter code[FILTER_TRAP_MOST];
	struct filter filter = {.code = code, .most = FILTER_TRAP_MOST};
	struct filter_compat compat = {.architecture = COMPAT_AUDIT,
		.passing = compat_passing,
		.count = COMPAT_CALLS,
		.ranged = compat_ranged,
		.ranged_count = compat_ranged_count};
	struct filter_range own = range(engine_begin, etext);
	/* Whole pages. */
	struct filter_range memory = {(unsigned long)engine_begin, page_up((unsigned long)_end)};
	bool filtered = sys_prctl(PR_GET_SECCOMP, 0, 0) > 0;
	long result;

	if (traced)
		filter_put_question(&filter, TRAPPING_LET_GO);
	if (traced && COMPAT_CALLS > 0)
		filter_put_compat(
			&filter, &compat, &own, &memory, SECCOMP_RET_TRACE | FILTER_TRACED);
	filter_put_trap(&filter, &own, SECCOMP_RET_TRAP | (traced ? FILTER_TRACED : 0));
	if (filter.overflow)
		return -E2BIG;
	result = load(&filter);
	if (result == -EACCES && sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0) == 0) {
		result = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
		if (result == 0)
			result = load(&filter);
		engine.trapping |= TRAPPING_PRIVILEGES;
	}
	if (result == 0)
		engine.trapping |= TRAPPING_ON | (filtered ? GUEST_FILTER : 0) |
				   (traced ? TRAPPING_TRACED : 0);
	return result;
}

void trapping_start_traced(bool dispatched)
{
	engine.trapping |= TRAPPING_TRACED;
	if (dispatched)
		engine.trapping |= TRAPPING_ON | TRAPPING_DISPATCH;
}

/*
 * The one call of the engine's that is dispatched, so that the tracer sees it; it lies behind the
 * code that is left alone (the linker puts this section last).
 */
__attribute__((noinline, section(".fini"))) static long ask(int thread)
{
	return raw_syscall(TRAPPING_LET_GO, thread, 0, 0, 0, 0, 0);
}

struct trapping_range trapping_dispatch_range(void)
{
	return (struct trapping_range){(unsigned long)engine_begin, (unsigned long)ask};
}

long trapping_go_on(void)
{
	struct trapping_range own = trapping_dispatch_range();

	return trapping_takes_all() ? sys_dispatch_calls(own.begin, own.end - own.begin) : 0;
}

bool trapping_takes_all(void)
{
	return (engine.trapping & TRAPPING_DISPATCH) != 0;
}

bool trapping_spares_sites(void)
{
	return (engine.trapping & (TRAPPING_ON | TRAPPING_TRACED)) ==
	       (TRAPPING_ON | TRAPPING_TRACED);
}

long trapping_let_go(int thread)
{
	return ask(thread);
}

long trapping_is_seen(void)
{
	return trapping_let_go(TRAPPING_NOBODY) == TRAPPING_SEEN ? 0 : -ENOSYS;
}

bool trapping_has(unsigned long pc, unsigned long number)
{
	return (engine.trapping & TRAPPING_ON) != 0 && !crash_is_own(pc) &&
	       (number >= RULES_MOST || rules_pass[number] == 0);
}

void trapping_put_front(struct filter *filter)
{
	struct filter_range own = range(engine_begin, etext);
	struct filter_range gate = range(gate_calls_begin, gate_calls_end);
	struct filter_range gate_own = range(gate_own_begin, gate_own_end);

	filter_put_front(filter, &own, &gate, &gate_own);
}

bool trapping_hides_no_new_privileges(void)
{
	return (engine.trapping & TRAPPING_PRIVILEGES) != 0 &&
	       (engine.trapping & GUEST_PRIVILEGES) == 0;
}
