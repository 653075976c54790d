#include "trace/tracee.h"

#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/uio.h>
#include <asm/ptrace.h>

#include "base/sys.h"
#include "intercept/crash.h"
#include "room.h"
#include "rules/rule.h"

extern const char gate_entry[];

/* Registers x0, x8, x16 and x17 of struct user_pt_regs. */
enum { ANSWER = 0, NUMBER = 8, KEPT = 16, RESUME = 17, IN_CALL = 7 };

/* linux/elf.h calls it NT_ARM_SYSTEM_CALL: the number, to be changed apart from x8. */
enum { CALL_SET = 0x404, NO_CALL = -1 };

static long transfer(int request, int thread, long set, void *from, size_t size)
{
	struct iovec place = {.iov_base = from, .iov_len = size};

	return sys_ptrace(request, thread, (unsigned long)set, &place);
}

/* context_enter_gate() of context.h, from outside. */
static long enter_gate(int thread, struct user_pt_regs *registers)
{
	int none = NO_CALL;
	long error;

	registers->sp -= ROOM;
	for (unsigned long i = 0; i < 2; i++) {
		error = sys_ptrace(PTRACE_POKEDATA, thread, registers->sp + i * sizeof(long),
			(void *)registers->regs[KEPT + i]);
		if (error < 0)
			return error;
	}
	registers->regs[RESUME] = registers->pc | 1;
	registers->pc = (unsigned long)gate_entry;
	error = transfer(PTRACE_SETREGSET, thread, CALL_SET, &none, sizeof(none));
	return error < 0 ? error
			 : transfer(PTRACE_SETREGSET, thread, NT_PRSTATUS, registers,
				   sizeof(*registers));
}

long tracee_redirect(int thread)
{
	struct user_pt_regs registers;
	long error = transfer(PTRACE_GETREGSET, thread, NT_PRSTATUS, &registers, sizeof(registers));

	return error < 0 ? error : enter_gate(thread, &registers);
}

/* At stops of this kind x7 is 0 at the beginning of a call and 1 at its end. */
long tracee_redirect_if_wanted(int thread)
{
	struct user_pt_regs registers;
	long error = transfer(PTRACE_GETREGSET, thread, NT_PRSTATUS, &registers, sizeof(registers));

	if (error < 0 || registers.regs[IN_CALL] != 0 || crash_is_own(registers.pc))
		return error;
	if (registers.regs[NUMBER] < RULES_MOST && rules_pass[registers.regs[NUMBER]] != 0)
		return 0;
	return enter_gate(thread, &registers);
}
