#include "trace/tracee.h"

#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <asm/ptrace.h>

#include "base/sys.h"
#include "intercept/crash.h"
#include "machine.h"
#include "rules/rule.h"

extern const char gate_entry[];

/* struct user_regs_struct of the kernel, in <sys/user.h> only. */
struct registers {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi,
		orig_rax, rip, cs, flags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};

/* As the system-call instruction leaves them, but for the place to go on at. */
static long enter_gate(int thread, struct registers *registers)
{
	registers->rax = registers->orig_rax;
	registers->orig_rax = ~0UL;
	registers->rcx = registers->rip;
	registers->rip = (unsigned long)gate_entry;
	return sys_ptrace(PTRACE_SETREGS, thread, 0, registers);
}

long tracee_redirect(int thread)
{
	struct registers registers;
	long error = sys_ptrace(PTRACE_GETREGS, thread, 0, &registers);

	return error < 0 ? error : enter_gate(thread, &registers);
}

/* A 32-bit call of whatever code. Kernels before 5.3 cannot tell: then by its instruction. */
static bool is_foreign(int thread, const struct registers *registers)
{
	struct ptrace_syscall_info info = {.op = PTRACE_SYSCALL_INFO_NONE};
	long got = sys_ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info);
	unsigned char code[MACHINE_CALL_BYTES];

	if (got > 0)
		return info.arch != MACHINE_AUDIT;
	if (sys_process_vm_readv(
		    thread, (const void *)(registers->rip - sizeof(code)), code, sizeof(code)) < 0)
		return false;
	return code[0] != 0x0f || code[1] != 0x05;
}

static long refuse(int thread, struct registers *registers)
{
	registers->rax = (unsigned long)-ENOSYS;
	registers->orig_rax = ~0UL;
	return sys_ptrace(PTRACE_SETREGS, thread, 0, registers);
}

/*
 * Nothing is remembered of a thread from one stop to the next. At the beginning of a call the
 * kernel has put -ENOSYS where the answer goes. At the end the same means that the call has had no
 * effect, so that it may as well be made again, through the gate.
 */
long tracee_redirect_if_wanted(int thread)
{
	struct registers registers;
	long error = sys_ptrace(PTRACE_GETREGS, thread, 0, &registers);

	if (error < 0 || registers.rax != (unsigned long)-ENOSYS || crash_is_own(registers.rip))
		return error;
	/* Left out already: this is its end. */
	if (registers.orig_rax == ~0UL)
		return 0;
	if (is_foreign(thread, &registers))
		return refuse(thread, &registers);
	if (registers.orig_rax < RULES_MOST && rules_pass[registers.orig_rax] != 0)
		return 0;
	return enter_gate(thread, &registers);
}
