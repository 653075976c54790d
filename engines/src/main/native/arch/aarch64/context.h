#ifndef CORACLE_ARCH_CONTEXT_H
#define CORACLE_ARCH_CONTEXT_H

#include <stdbool.h>

#include <linux/signal.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>

#include "room.h"

/* The gate goes back to a trapped site by this instruction: see context_leave_gate. */
extern const char gate_trap[];

/* What a signal's frame says of the interrupted code, by names that every architecture has. */
static inline unsigned long context_pc(const struct ucontext *context)
{
	return context->uc_mcontext.pc;
}

static inline void context_set_pc(struct ucontext *context, unsigned long pc)
{
	context->uc_mcontext.pc = pc;
}

static inline unsigned long context_sp(const struct ucontext *context)
{
	return context->uc_mcontext.sp;
}

/* The system call that the interrupted code is about to make. */
static inline unsigned long context_number(const struct ucontext *context)
{
	return context->uc_mcontext.regs[8];
}

static inline void context_set_answer(struct ucontext *context, long answer)
{
	context->uc_mcontext.regs[0] = (unsigned long)answer;
}

/*
 * Makes the interrupted code go on in the gate, as if a veneer (veneer.h) had gone there. There is
 * no veneer to come back to; bit 0, which no instruction's address has, tells the gate.
 * The signal's frame ends where the guest's stack pointer was; ROOM below lie bytes of it that are
 * reserved for vectors of more than 1024 bits.
 */
static inline void context_enter_gate(
	struct ucontext *context, unsigned long gate, unsigned long resume)
{
	struct sigcontext *machine = &context->uc_mcontext;
	unsigned long *kept = (unsigned long *)(machine->sp - ROOM);

	kept[0] = machine->regs[16];
	kept[1] = machine->regs[17];
	machine->sp -= ROOM;
	machine->regs[17] = resume | 1;
	machine->pc = gate;
}

/* The way back from there: no register is free to jump with, so the gate traps once more. */
static inline bool context_leave_gate(struct ucontext *context)
{
	struct sigcontext *machine = &context->uc_mcontext;
	const unsigned long *kept = (const unsigned long *)machine->sp;

	if (machine->pc != (unsigned long)gate_trap)
		return false;
	machine->pc = machine->regs[17] & ~1UL;
	machine->regs[16] = kept[0];
	machine->regs[17] = kept[1];
	machine->sp += ROOM;
	return true;
}

/* There is one instruction for system calls here, and all of them have the same numbers. */
static inline bool context_refuse(const struct ucontext *context)
{
	(void)context;
	return false;
}

/* Code that was interrupted at the very entry of a handler: what that handler's signal has
 * interrupted. */
static inline const struct ucontext *context_outer(const struct ucontext *context)
{
	return (const struct ucontext *)(context->uc_mcontext.sp + sizeof(siginfo_t));
}

static inline unsigned long *context_mask(struct ucontext *context)
{
	return (unsigned long *)(void *)&context->uc_sigmask;
}

#endif
