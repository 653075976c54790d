#ifndef CORACLE_ARCH_COMPAT_H
#define CORACLE_ARCH_COMPAT_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stddef.h>

#include "intercept/slot.h"

/*
 * 32-bit programs (i386) in modes P1 and P2. The kernel executes the engine, a 64-bit program, as
 * ever; the engine loads the 32-bit one into the low 4 GiB, where itself lies, and gives it the
 * processor in the mode that it is for. A thread's system call, int $0x80, stops for the tracer,
 * which leads it into compat_gate (arch/x86_64/compat/gate.S), in 64-bit mode again: the same rules
 * then answer it as they do for everybody.
 *
 * Its signals are the kernel's own, handlers and frames of 32 bits, and blocked while the engine is
 * at work. So the engine has no handler either, and copies memory by a call that may fail.
 */
enum { COMPAT_CALLS = 480 };

#define COMPAT_AUDIT AUDIT_ARCH_I386

/* 1 in a process that runs such a program. Read by guarded_copy(), which then leaves it to these.
 */
extern unsigned char compat_on;
long compat_copy(void *to, const void *from, size_t size);
long compat_copy_string(char *to, const char *from, size_t size);

/* Per number: 1 for calls that pass; and those that do unless they mean memory of the engine. */
extern const unsigned char compat_passing[COMPAT_CALLS];
extern const unsigned short compat_ranged[];
extern const size_t compat_ranged_count;

/* Can such programs run here? 0, or -errno: -ENOSYS when the kernel has no such calls. */
long compat_check(void);

/* Free memory in the low 4 GiB, not accessible yet: an address, or -errno. */
long compat_reserve(size_t size);

/* What the loader has made of the program. */
struct compat_program {
	unsigned long entry;  /* where it begins, or its interpreter */
	unsigned long *stack; /* as the kernel and the loader have left it, with 64 bits a word */
	const void *vector;   /* in there, the auxiliary vector */
	bool executable_stack;
};

/* Gives the program the processor; -errno when there is no room for its stack. */
long compat_start(const struct compat_program *program);

/* Does that process run such a program? */
bool compat_runs_in(unsigned long process);

/* The signals that the calling thread blocks, but for this call. */
unsigned long compat_blocked(const struct slot *slot);

/* The call of a slot as a 32-bit one, in place of what raw_syscall() would make of it. */
long compat_repeat(const struct slot *slot);

#endif
