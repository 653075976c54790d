#include "trace/tracee.h"

#include <linux/audit.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <asm/ptrace.h>
#include <asm/unistd.h>

#include "base/sys.h"
#include "compat.h"
#include "compat/calls.h"
#include "compat/gate.h"
#include "intercept/crash.h"
#include "intercept/trapping.h"
#include "machine.h"
#include "rules/rule.h"

extern const char gate_entry[];
extern const char signal_restorer[];

/* struct user_regs_struct of the kernel, in <sys/user.h> only. */
struct registers {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi,
		orig_rax, rip, cs, flags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};

/* As linux/ptrace.h has them, from Linux 6.4 on. */
enum { SET_DISPATCH = 0x4210, DISPATCH_ON = 1 };

struct dispatch_config {
	unsigned long mode, selector, begin, length;
};

/* The number of no call: the kernel leaves it out, and never begins it again. */
static const unsigned long no_call = ~0UL;

static long get(int thread, struct registers *registers)
{
	return sys_ptrace(PTRACE_GETREGS, thread, 0, registers);
}

static long set(int thread, struct registers *registers)
{
	return sys_ptrace(PTRACE_SETREGS, thread, 0, registers);
}

/* With the number in rax: as the instruction leaves them, but for the place to go on at. */
static long enter_gate(int thread, struct registers *registers)
{
	registers->orig_rax = no_call;
	registers->rcx = registers->rip;
	registers->rip = (unsigned long)gate_entry;
	return set(thread, registers);
}

/*
 * The same for a program of 32 bits: compat_gate finds on its stack where to go on. Where that has
 * no room the kernel could not have put a signal's frame either.
 */
static long enter_compat_gate(int thread, struct registers *registers)
{
	unsigned long back = (unsigned)registers->rip | (unsigned long)COMPAT_CODE << 32;
	unsigned long stack = (unsigned)(registers->rsp - sizeof(back));

	registers->orig_rax = no_call;
	if (sys_ptrace(PTRACE_POKEDATA, thread, stack, (void *)back) < 0) {
		registers->rax = (unsigned long)-EFAULT;
		return set(thread, registers);
	}
	registers->rsp = stack;
	registers->rip = (unsigned long)compat_gate;
	registers->cs = COMPAT_WIDE_CODE;
	return set(thread, registers);
}

long tracee_dispatch(int thread)
{
	struct trapping_range own = trapping_dispatch_range();
	struct dispatch_config wanted = {
		.mode = DISPATCH_ON, .begin = own.begin, .length = own.end - own.begin};

	return sys_ptrace(SET_DISPATCH, thread, sizeof(wanted), &wanted);
}

static long asks(const struct registers *registers, int *whom)
{
	*whom = (int)registers->rdi;
	return registers->orig_rax == TRAPPING_LET_GO && crash_is_own(registers->rip) ? TRACEE_ASKS
										      : 0;
}

long tracee_redirect(int thread, int *whom)
{
	struct registers registers;
	long error = get(thread, &registers);

	if (error < 0)
		return TRACEE_LED;
	if (crash_is_own(registers.rip))
		return asks(&registers, whom);
	if (registers.rax == __NR_rt_sigreturn) {
		/* The kernel finds the frame to return through by the stack pointer alone. */
		registers.orig_rax = no_call;
		registers.rip = (unsigned long)signal_restorer;
		set(thread, &registers);
	} else {
		enter_gate(thread, &registers);
	}
	return TRACEE_LED;
}

long tracee_redirect_compat(int thread)
{
	struct registers registers;
	long error = get(thread, &registers);

	if (error < 0)
		return error;
	registers.rax = registers.orig_rax;
	/* 64-bit code gets no 32-bit call. */
	return registers.cs == COMPAT_CODE ? enter_compat_gate(thread, &registers)
					   : tracee_answer(thread, -ENOSYS);
}

long tracee_is_compat(int thread)
{
	unsigned char on = 0;
	long got = sys_process_vm_readv(thread, &compat_on, &on, sizeof(on));

	return got < 0 ? got : on;
}

long tracee_asks(int thread, int *whom)
{
	struct registers registers;
	long error = get(thread, &registers);

	return error < 0 ? error : asks(&registers, whom);
}

long tracee_answer(int thread, long result)
{
	struct registers registers;
	long error = get(thread, &registers);

	if (error < 0)
		return error;
	registers.rax = (unsigned long)result;
	registers.orig_rax = no_call;
	return set(thread, &registers);
}

/* A 32-bit call, of whatever code. Kernels before 5.3 cannot tell: then by its instruction. */
static bool is_foreign(int thread, const struct registers *registers)
{
	struct ptrace_syscall_info info = {.op = PTRACE_SYSCALL_INFO_NONE};
	unsigned char code[MACHINE_CALL_BYTES];

	if (sys_ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) > 0)
		return info.arch != MACHINE_AUDIT;
	if (sys_process_vm_readv(
		    thread, (const void *)(registers->rip - sizeof(code)), code, sizeof(code)) < 0)
		return false;
	return code[0] != 0x0f || code[1] != 0x05;
}

/*
 * Nothing is remembered of a thread from one stop to the next. At the beginning of a call the
 * kernel has put -ENOSYS where the answer goes. At the end the same means that the call has had no
 * effect, so that it may as well be made again, through the gate.
 */
long tracee_redirect_if_wanted(int thread, int *whom)
{
	struct registers registers;
	long error = get(thread, &registers);

	if (error < 0 || registers.rax != (unsigned long)-ENOSYS || registers.orig_rax == no_call)
		return error;
	if (crash_is_own(registers.rip))
		return asks(&registers, whom);
	if (registers.cs == COMPAT_CODE) {
		if (compat_passes(
			    registers.orig_rax, (unsigned)registers.rbx, (unsigned)registers.rcx))
			return 0;
		registers.rax = registers.orig_rax;
		return enter_compat_gate(thread, &registers);
	}
	if (is_foreign(thread, &registers))
		return tracee_answer(thread, -ENOSYS);
	if (registers.orig_rax < RULES_MOST && rules_pass[registers.orig_rax] != 0)
		return 0;
	registers.rax = registers.orig_rax;
	return enter_gate(thread, &registers);
}
