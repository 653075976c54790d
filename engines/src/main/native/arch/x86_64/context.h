#ifndef CORACLE_ARCH_CONTEXT_H
#define CORACLE_ARCH_CONTEXT_H

#include <stdbool.h>

#include <linux/signal.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>

/* What a signal's frame says of the interrupted code, by names that every architecture has. */
static inline unsigned long context_pc(const struct ucontext *context)
{
	return context->uc_mcontext.rip;
}

static inline void context_set_pc(struct ucontext *context, unsigned long pc)
{
	context->uc_mcontext.rip = pc;
}

static inline unsigned long context_sp(const struct ucontext *context)
{
	return context->uc_mcontext.rsp;
}

/* The system call that the interrupted code is about to make. */
static inline unsigned long context_number(const struct ucontext *context)
{
	return context->uc_mcontext.rax;
}

/* Makes the interrupted code go on in the gate, as if it had jumped there from a patched site. */
static inline void context_enter_gate(
	struct ucontext *context, unsigned long gate, unsigned long resume)
{
	context->uc_mcontext.rcx = resume;
	context->uc_mcontext.rip = gate;
}

/* Does the gate trap for its way back? Here it never does: rcx is free to jump with. */
static inline bool context_leave_gate(const struct ucontext *context)
{
	(void)context;
	return false;
}

static inline unsigned long *context_mask(struct ucontext *context)
{
	return (unsigned long *)(void *)&context->uc_sigmask;
}

#endif
