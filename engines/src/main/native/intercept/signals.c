#include "intercept/signals.h"

#include <linux/audit.h>
#include <linux/errno.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "context.h"
#include "intercept/alternate.h"
#include "intercept/guarded.h"
#include "intercept/masks.h"
#include "intercept/blocks.h"
#include "intercept/crash.h"
#include "intercept/engine.h"
#include "intercept/hold.h"
#include "intercept/trapping.h"
#include "interrupted.h"
#include "machine.h"
#include "rules/calls.h"
#include "rules/numbers.h"

extern const char signal_entry[];
extern const char signal_restorer[];
extern const char gate_entry[];

/*
 * What the guest asked for, for signals that have one of its handlers, and for our own. Entries
 * are written before the kernel is told, so a handler that runs always finds its own.
 */
static struct sys_sigaction guest_actions[MASKS_SIGNALS];

/* A vfork child shares the table with its parent and must not write to it for our own. */
static int table_owner;

static unsigned long handler_of(const void *label)
{
	return (unsigned long)label;
}

static bool is_handler(unsigned long handler)
{
	return handler != (unsigned long)SIG_DFL && handler != (unsigned long)SIG_IGN;
}

/* What the kernel is given when the guest wants `wanted`. */
static struct sys_sigaction kernel_action(int signal, const struct sys_sigaction *wanted)
{
	struct sys_sigaction action = *wanted;

	action.mask &= ~masks_own;
	if (!masks_ours(signal) && !is_handler(wanted->handler))
		return action;
	action.handler = handler_of(signal_entry);
	action.flags |= SA_SIGINFO;
	if (masks_ours(signal)) {
		/* A trap in a handler of the guest must still work, and a one-shot handler is ours
		 * to end. */
		action.flags |= SA_NODEFER;
		action.flags &= ~(unsigned long)SA_RESETHAND;
		if (!is_handler(wanted->handler))
			action.flags |= SA_ONSTACK;
	}
	/* Where the handler is ours alone, so is the way back: a guest that only wants the default
	 * may name none, and still set the flag (Chromium's children do). */
	if ((action.flags & SA_RESTORER) == 0 || !is_handler(wanted->handler)) {
		action.flags |= SA_RESTORER;
		action.restorer = handler_of(signal_restorer);
	}
	return action;
}

void signals_start(void)
{
	unsigned long mask;

	if ((engine.trapping & TRAPPING_ON) != 0)
		masks_take(SIGSYS);
	mask = masks_own;

	/* Whoever started us may have had them blocked. */
	sys_rt_sigprocmask(SIG_UNBLOCK, &mask, NULL);
	table_owner = (int)sys_getpid();
	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		struct sys_sigaction wanted = {.handler = (unsigned long)SIG_DFL};
		struct sys_sigaction action = kernel_action(signal, &wanted);
		struct sys_sigaction old;

		if (!masks_ours(signal))
			continue;
		sys_rt_sigaction(signal, &action, &old);
		/* Over an execve(2) only "ignored" survives. */
		if (old.handler == (unsigned long)SIG_IGN)
			guest_actions[signal] = old;
	}
}

static void tell_kernel_ignored(bool ignored)
{
	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		struct sys_sigaction action = guest_actions[signal];

		if (!masks_ours(signal) || action.handler != (unsigned long)SIG_IGN)
			continue;
		if (!ignored)
			action = kernel_action(signal, &action);
		sys_rt_sigaction(signal, &action, NULL);
	}
}

void signals_before_exec(void)
{
	tell_kernel_ignored(true);
}

void signals_after_failed_exec(void)
{
	tell_kernel_ignored(false);
}

void signals_give_back(void)
{
	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		if (!masks_ours(signal))
			continue;
		sys_rt_sigaction(signal, &guest_actions[signal], NULL);
		guest_actions[signal] = (struct sys_sigaction){.handler = (unsigned long)SIG_DFL};
	}
}

const struct sys_sigaction *signals_wish(int signal)
{
	return &guest_actions[signal];
}

void signals_in_child(void)
{
	table_owner = (int)sys_getpid();
}

/* The kernel has cleared our own handlers with the guest's. */
void signals_cleared(void)
{
	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		struct sys_sigaction action;

		if (is_handler(guest_actions[signal].handler))
			guest_actions[signal] =
				(struct sys_sigaction){.handler = (unsigned long)SIG_DFL};
		action = kernel_action(signal, &guest_actions[signal]);
		if (masks_ours(signal))
			sys_rt_sigaction(signal, &action, NULL);
	}
}

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Installs what the guest wants; `kernel_old` receives what the kernel had. */
static long install(
	int signal, const struct sys_sigaction *wanted, struct sys_sigaction *kernel_old)
{
	struct sys_sigaction action = kernel_action(signal, wanted);
	bool keep =
		masks_ours(signal) ? table_owner == (int)sys_getpid() : is_handler(wanted->handler);

	if (keep)
		guest_actions[signal] = *wanted;
	return sys_rt_sigaction(signal, &action, kernel_old);
}

enum slot_action signals_sigaction(struct slot *slot)
{
	int signal = (int)slot->argument[0];
	unsigned long old_at = slot->argument[2];
	struct sys_sigaction wanted;
	struct sys_sigaction before;
	struct sys_sigaction old;
	long result;

	if (slot->argument[3] != SYS_MASK_BYTES || signal < 1 || signal >= MASKS_SIGNALS ||
		signal == SIGKILL || signal == SIGSTOP)
		return SLOT_RUN;
	before = guest_actions[signal];
	if (slot->argument[1] == 0) {
		result = sys_rt_sigaction(signal, NULL, &old);
	} else if (guarded_copy(&wanted, (const void *)slot->argument[1], sizeof(wanted)) < 0) {
		result = -EFAULT;
	} else {
		result = install(signal, &wanted, &old);
	}
	if (result < 0 || old_at == 0)
		return answer(slot, result);
	if (masks_ours(signal) || old.handler == handler_of(signal_entry))
		old = before;
	return answer(slot, guarded_copy((void *)old_at, &old, sizeof(old)));
}

/* Ends the process by the signal, as if nobody had ever handled it. */
static void let_kill(int signal, const siginfo_t *info)
{
	struct sys_sigaction action = {.handler = (unsigned long)SIG_DFL};

	sys_rt_sigaction(signal, &action, NULL);
	/* A fault happens again by itself; one that somebody sent has to be sent again, and so has
	 * one that a filter raised: the call is over. */
	if (info->si_code <= 0 || signal == SIGSYS)
		sys_tgkill((int)sys_getpid(), (int)sys_gettid(), signal);
}

/* The kernel has taken a one-shot handler away, but it is still to run. */
static void give_one_shot_back(int signal)
{
	if (!masks_ours(signal) && (guest_actions[signal].flags & SA_RESETHAND) != 0) {
		struct sys_sigaction action = kernel_action(signal, &guest_actions[signal]);

		sys_rt_sigaction(signal, &action, NULL);
	}
}

/*
 * Another signal is already put off: this one waits in the kernel. Either it is one of our own,
 * which the others' masks do not hold off; a bad address of the guest would be fatal now, but only
 * until the call is over. Or the kernel has delivered several at once, one at the entry of the
 * other's handler: the first of them, which comes here last, has the guest's own mask in its frame.
 */
static void wait_in_kernel(
	struct slot *slot, int signal, const siginfo_t *info, struct ucontext *context)
{
	unsigned long mask = masks_ours(signal) ? 1UL << (signal - 1) : 0;
	unsigned long *interrupted = context_mask(context);

	if ((*interrupted | masks_own) != ~0UL)
		slot->pending_mask = *interrupted;
	*interrupted |= ~masks_own | mask;
	sys_rt_sigprocmask(SIG_BLOCK, &mask, NULL);
	sys_rt_tgsigqueueinfo((int)sys_getpid(), (int)sys_gettid(), signal, info);
}

/* The guest's handlers must not run on a slot's stack: keep the signal, and block all others. */
static void put_off(struct slot *slot, int signal, const siginfo_t *info, struct ucontext *context)
{
	unsigned long *mask = context_mask(context);

	give_one_shot_back(signal);
	if (slot->pending != 0) {
		wait_in_kernel(slot, signal, info, context);
		return;
	}
	slot->pending = (unsigned long)signal;
	slot->pending_mask = *mask;
	memcpy(slot->pending_info, info, sizeof(slot->pending_info));
	*mask = ~masks_own;
}

/* The gate then gives the guest's mask back, which lets the signal in. */
void signals_requeue(struct slot *slot)
{
	unsigned long all = ~0UL;

	sys_rt_sigprocmask(SIG_SETMASK, &all, NULL);
	sys_rt_tgsigqueueinfo(
		(int)sys_getpid(), (int)sys_gettid(), (int)slot->pending, slot->pending_info);
}

/* The engine's question, and a 32-bit call, find nobody. */
static void take_dispatched(const siginfo_t *info, struct ucontext *context)
{
	unsigned long pc = context_pc(context);

	if (crash_is_own(pc) || info->si_arch != MACHINE_AUDIT)
		context_set_answer(context, -ENOSYS);
	else if (context_number(context) == __NR_rt_sigreturn)
		context_set_pc(context, handler_of(signal_restorer));
	else
		context_enter_gate(context, (unsigned long)gate_entry, pc);
}

/* A fault or trap that the engine has caused and mends. */
static bool mend(int signal, const siginfo_t *info, struct ucontext *context)
{
	unsigned long pc = context_pc(context);

	if (signal == SIGILL && context_leave_gate(context))
		return true;
	if (signal == SIGILL && blocks_have_trap(pc)) {
		if (context_refuse(context))
			return true;
		/* The kernel finds the frame to return through by the stack pointer: leave it
		 * alone. */
		if (context_number(context) == __NR_rt_sigreturn) {
			context_set_pc(context, handler_of(signal_restorer));
			return true;
		}
		context_enter_gate(context, (unsigned long)gate_entry, pc + MACHINE_CALL_BYTES);
		return true;
	}
	/* No tracer has seen it: it has let go of the thread (guest/debugging.c). */
	if (signal == SIGSYS && info->si_code == SYS_USER_DISPATCH && trapping_takes_all()) {
		take_dispatched(info, context);
		return true;
	}
	/* The kernel has put the registers back, but for the place. */
	if (signal == SIGSYS && slot_of_stack(context_sp(context)) == NULL &&
		trapping_has(pc, (unsigned)info->si_syscall)) {
		context_enter_gate(context, (unsigned long)gate_entry, pc);
		return true;
	}
	/* The bytes that are missing may be the instruction's last. */
	if (signal == SIGSEGV && (unsigned long)info->si_addr - pc < MACHINE_LONGEST &&
		hold_waited((unsigned long)info->si_addr))
		return true;
	if ((signal == SIGSEGV || signal == SIGBUS) && pc >= (unsigned long)guarded_begin &&
		pc < (unsigned long)guarded_end) {
		context_set_pc(context, (unsigned long)guarded_fault);
		return true;
	}
	return false;
}

/*
 * SIGSYS in the gate is no failure: a filter of the guest's has seen its call there. Nor is it one
 * where there is no instruction: a guest has jumped to what is not its own.
 */
static bool is_own_failure(int signal, const siginfo_t *info, unsigned long pc)
{
	return signal != SIGSYS && pc != (unsigned long)info->si_addr && crash_is_own(pc) &&
	       !is_handler(guest_actions[signal].handler);
}

/* The slot whose work was interrupted, be it through the entries of other handlers. */
static struct slot *slot_interrupted(const struct ucontext *context)
{
	struct slot *slot = slot_of_stack(context_sp(context));

	while (slot == NULL && context_pc(context) == handler_of(signal_entry)) {
		context = context_outer(context);
		slot = slot_of_stack(context_sp(context));
	}
	return slot;
}

unsigned long signals_receive(int signal, siginfo_t *info, struct ucontext *context)
{
	struct slot *slot = slot_interrupted(context);
	struct sys_sigaction *wanted = &guest_actions[signal];
	unsigned long handler = wanted->handler;
	bool fault = info->si_code > 0 && masks_ours(signal);

	if (fault && mend(signal, info, context))
		return 0;
	if (fault && (slot != NULL || is_own_failure(signal, info, context_pc(context)))) {
		crash_report(slot,
			&(struct crash){signal, context_pc(context), (unsigned long)info->si_addr});
		let_kill(signal, info);
		return 0;
	}
	if (slot != NULL) {
		put_off(slot, signal, info, context);
		return 0;
	}
	if (masks_ours(signal) && !fault && masks_hold_back(signal))
		return 0;
	/* Nothing can be put off that the processor or a filter has raised. */
	if (is_handler(handler) && !(fault && (masks_blocked() >> (signal - 1) & 1) != 0)) {
		if (masks_ours(signal) && (wanted->flags & SA_RESETHAND) != 0)
			wanted->handler = (unsigned long)SIG_DFL;
		interrupted_show_site(context);
		if (signal == SIGSYS && info->si_code > 0)
			info->si_call_addr = (void *)context_pc(context);
		alternate_note(context);
		return handler;
	}
	if (handler == (unsigned long)SIG_IGN && !fault)
		return 0;
	let_kill(signal, info);
	return 0;
}
