#ifndef CORACLE_COMPAT_GATE_H
#define CORACLE_COMPAT_GATE_H

/* What compat_enter() and compat_leave() tell the gate to do. */
#define COMPAT_BACK 0	 /* the frame is complete: go back */
#define COMPAT_ASK 1	 /* make the slot's 32-bit call, which may block, and then compat_leave() */
#define COMPAT_FORK 2	 /* the same; the child has a copy of this memory, and leaves too */
#define COMPAT_SHARE 3	 /* the same; the child shares this memory, and goes back at once */
#define COMPAT_EXECUTE 4 /* make the slot's 64-bit call, which only comes back when it fails */
#define COMPAT_OWN 5	 /* free the slot, and make the call that the frame says */

/* What the gate puts on the program's stack, with offsets for assembly. */
#define COMPAT_FRAME_RAX 8
#define COMPAT_FRAME_BYTES 80

/* Selectors of user space, as all kernels of x86_64 have them. */
#define COMPAT_CODE 0x23
#define COMPAT_WIDE_CODE 0x33
#define COMPAT_DATA 0x2b

#ifndef __ASSEMBLER__

#include "intercept/slot.h"

struct compat_frame {
	unsigned long mask; /* of signals, while all are blocked */
	unsigned long rax, rbx, rcx, rdx, rsi, rdi, rbp;
	unsigned long flags;
	unsigned resume;
	unsigned code;
};

_Static_assert(sizeof(struct compat_frame) == COMPAT_FRAME_BYTES, "as the gate has it");
_Static_assert(offsetof(struct compat_frame, rax) == COMPAT_FRAME_RAX, "as the gate has it");

/* Called by the gate, on the slot's stack; `stack` of the slot is the frame. */
int compat_enter(struct slot *slot);
int compat_leave(struct slot *slot);

/* A 32-bit call with its arguments, from C. */
long compat_call(unsigned long number, const unsigned long argument[6]);

/* getpid(2) of 32 bits; -EFAULT where the kernel has no such calls. */
long guarded_try_compat(void);

/* Begins the program. */
__attribute__((noreturn)) void compat_begin(unsigned long entry, unsigned long stack);

extern const char compat_gate[];

#endif
#endif
