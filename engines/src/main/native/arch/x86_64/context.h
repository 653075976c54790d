#ifndef CORACLE_ARCH_CONTEXT_H
#define CORACLE_ARCH_CONTEXT_H

#include <stdbool.h>

#include <linux/errno.h>
#include <linux/signal.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>

#include "intercept/guarded.h"

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

static inline void context_set_answer(struct ucontext *context, long answer)
{
	context->uc_mcontext.rax = (unsigned long)answer;
}

/* Makes the interrupted code go on in the gate, as if it had jumped there from a patched site. */
static inline void context_enter_gate(
	struct ucontext *context, unsigned long gate, unsigned long resume)
{
	context->uc_mcontext.rcx = resume;
	context->uc_mcontext.rip = gate;
}

/* push %es, which 64-bit mode does not have: what stands for a call that is refused (patch.c). */
enum { CONTEXT_REFUSED = 0x06 };

/* At a trap of ours: if it stands for a refused call, answers it. */
static inline bool context_refuse(struct ucontext *context)
{
	unsigned char byte;

	if (guarded_copy(&byte, (const void *)context->uc_mcontext.rip, 1) < 0 ||
		byte != CONTEXT_REFUSED)
		return false;
	context->uc_mcontext.rip += 2;
	context->uc_mcontext.rax = (unsigned long)-ENOSYS;
	return true;
}

/* Does the gate trap for its way back? Here it never does: rcx is free to jump with. */
static inline bool context_leave_gate(const struct ucontext *context)
{
	(void)context;
	return false;
}

/* Code that was interrupted at the very entry of a handler: what that handler's signal has
 * interrupted. */
static inline const struct ucontext *context_outer(const struct ucontext *context)
{
	return (const struct ucontext *)(context->uc_mcontext.rsp + sizeof(unsigned long));
}

static inline unsigned long *context_mask(struct ucontext *context)
{
	return (unsigned long *)(void *)&context->uc_sigmask;
}

#endif
