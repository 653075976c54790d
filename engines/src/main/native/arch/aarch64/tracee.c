#include "trace/tracee.h"

#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/uio.h>
#include <asm/ptrace.h>

#include "base/sys.h"
#include "intercept/crash.h"
#include "intercept/trapping.h"
#include "room.h"
#include "rules/rule.h"

extern const char gate_entry[];

/* Registers by what is in them. At a stop for a call x7 is 0 at its beginning and 1 at its end. */
enum { ANSWER = 0, AT_END = 7, NUMBER = 8, KEPT = 16, RESUME = 17 };

/* linux/elf.h calls it NT_ARM_SYSTEM_CALL: the number, to be changed apart from x8. */
enum { CALL_SET = 0x404, NO_CALL = -1 };

static long transfer(int request, int thread, unsigned long set, void *from, size_t size)
{
	struct iovec place = {.iov_base = from, .iov_len = size};

	return sys_ptrace(request, thread, set, &place);
}

static long get(int thread, struct user_pt_regs *registers)
{
	return transfer(PTRACE_GETREGSET, thread, NT_PRSTATUS, registers, sizeof(*registers));
}

static long set(int thread, struct user_pt_regs *registers)
{
	return transfer(PTRACE_SETREGSET, thread, NT_PRSTATUS, registers, sizeof(*registers));
}

static long leave_out(int thread)
{
	int none = NO_CALL;

	return transfer(PTRACE_SETREGSET, thread, CALL_SET, &none, sizeof(none));
}

/* context_enter_gate() of context.h, from outside. */
static long enter_gate(int thread, struct user_pt_regs *registers)
{
	registers->sp -= ROOM;
	for (unsigned long i = 0; i < 2; i++) {
		long error = sys_ptrace(PTRACE_POKEDATA, thread, registers->sp + i * sizeof(long),
			(void *)registers->regs[KEPT + i]);

		if (error < 0)
			return error;
	}
	registers->regs[RESUME] = registers->pc | 1;
	registers->pc = (unsigned long)gate_entry;
	return set(thread, registers);
}

/* Its kernels have no such thing yet. */
long tracee_dispatch(int thread)
{
	(void)thread;
	return -ENOSYS;
}

long tracee_redirect(int thread, int *whom)
{
	struct user_pt_regs registers;

	*whom = 0;
	if (get(thread, &registers) == 0)
		enter_gate(thread, &registers);
	return TRACEE_LED;
}

long tracee_redirect_compat(int thread)
{
	return tracee_answer(thread, -ENOSYS);
}

long tracee_is_compat(int thread)
{
	(void)thread;
	return 0;
}

static long asks(const struct user_pt_regs *registers, int *whom)
{
	*whom = (int)registers->regs[ANSWER];
	return registers->regs[NUMBER] == TRAPPING_LET_GO && crash_is_own(registers->pc)
		       ? TRACEE_ASKS
		       : 0;
}

long tracee_asks(int thread, int *whom)
{
	struct user_pt_regs registers;
	long error = get(thread, &registers);

	return error < 0 ? error : asks(&registers, whom);
}

long tracee_answer(int thread, long result)
{
	struct user_pt_regs registers;
	long error = get(thread, &registers);

	if (error == 0)
		error = leave_out(thread);
	if (error < 0)
		return error;
	registers.regs[ANSWER] = (unsigned long)result;
	return set(thread, &registers);
}

long tracee_redirect_if_wanted(int thread, int *whom)
{
	struct user_pt_regs registers;
	long error = get(thread, &registers);

	if (error < 0 || registers.regs[AT_END] != 0)
		return error;
	if (crash_is_own(registers.pc))
		return asks(&registers, whom);
	if (registers.regs[NUMBER] < RULES_MOST && rules_pass[registers.regs[NUMBER]] != 0)
		return 0;
	error = leave_out(thread);
	return error < 0 ? error : enter_gate(thread, &registers);
}
