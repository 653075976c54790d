/*
 * The way of a guest's system call into the engine and back (aarch64).
 *
 * A veneer (veneer.h) comes to gate_entry with x8 = number, the arguments in x0 to x5, the guest's
 * x16 and x17 on its stack, and x17 = the address behind this in the veneer, which takes them from
 * there again. Bit 0 of x17 is set when there is no veneer: then x17 - 1 is the guest's address
 * behind its system call, to be reached by gate_trap. Like the instruction that it stands for, the
 * way through changes x0 and nothing else, flags included.
 */
#include "intercept/gate.h"
#include "room.h"

#define NR_sched_yield 124
#define NR_sigaltstack 132
#define NR_rt_sigprocmask 135
#define NR_rt_sigreturn 139
#define SIG_SETMASK 2

/* The guest's registers, as pairs in the slot. */
#define SAVED_6_7 (GATE_SAVED + 0)
#define SAVED_8_9 (GATE_SAVED + 16)
#define SAVED_10_11 (GATE_SAVED + 32)
#define SAVED_12_13 (GATE_SAVED + 48)
#define SAVED_14_15 (GATE_SAVED + 64)
#define SAVED_16_17 (GATE_SAVED + 80)
#define SAVED_18_19 (GATE_SAVED + 96)
#define SAVED_30_FLAGS (GATE_SAVED + 112)
#define SAVED_ACTION (GATE_SAVED + 128)

.macro address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
.endm

/* x16 = slot; the guest's x0 to x3 were pushed below its x16 and x17. x19 = slot, too. */
.macro save_call
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp], #32
	stp	x0, x1, [x16, #GATE_ARGUMENT]
	stp	x2, x3, [x16, #(GATE_ARGUMENT + 16)]
	stp	x4, x5, [x16, #(GATE_ARGUMENT + 32)]
	stp	x0, x1, [x16, #GATE_ORIGINAL]
	stp	x2, x3, [x16, #(GATE_ORIGINAL + 16)]
	stp	x4, x5, [x16, #(GATE_ORIGINAL + 32)]
	stp	x6, x7, [x16, #SAVED_6_7]
	stp	x8, x9, [x16, #SAVED_8_9]
	stp	x10, x11, [x16, #SAVED_10_11]
	stp	x12, x13, [x16, #SAVED_12_13]
	stp	x14, x15, [x16, #SAVED_14_15]
	stp	x18, x19, [x16, #SAVED_18_19]
	mrs	x0, nzcv
	stp	x30, x0, [x16, #SAVED_30_FLAGS]
	ldp	x0, x1, [sp], #ROOM
	stp	x0, x1, [x16, #SAVED_16_17]
	mov	x0, sp
	stp	x17, x0, [x16, #GATE_RESUME]
	/* The kernel looks at 32 bits of it. */
	mov	w8, w8
	str	x8, [x16, #GATE_NUMBER]
	str	xzr, [x16, #GATE_PENDING]
	str	xzr, [x16, #GATE_LEAVE]
	str	xzr, [x16, #GATE_ALTERNATE_AWAY]
	address	x0, slot_sequence
1:	ldxr	x1, [x0]
	add	x2, x1, #1
	stxr	w3, x2, [x0]
	cbnz	w3, 1b
	mrs	x2, tpidr_el0
	stp	x2, x1, [x16, #GATE_OWNER]
	mov	x19, x16
.endm

/* The guest's registers from the slot at x16, all but x0 to x5, x8, x16 and x17; its flags, its stack. */
.macro load_guest
	ldp	x30, x17, [x16, #SAVED_30_FLAGS]
	msr	nzcv, x17
	ldp	x18, x19, [x16, #SAVED_18_19]
	ldp	x14, x15, [x16, #SAVED_14_15]
	ldp	x12, x13, [x16, #SAVED_12_13]
	ldp	x10, x11, [x16, #SAVED_10_11]
	ldr	x9, [x16, #(SAVED_8_9 + 8)]
	ldp	x6, x7, [x16, #SAVED_6_7]
	ldr	x17, [x16, #GATE_STACK]
	mov	sp, x17
.endm

/* What the kernel is to see. */
.macro load_call
	ldp	x0, x1, [x16, #GATE_ARGUMENT]
	ldp	x2, x3, [x16, #(GATE_ARGUMENT + 16)]
	ldp	x4, x5, [x16, #(GATE_ARGUMENT + 32)]
	ldr	x8, [x16, #GATE_NUMBER]
.endm

/* What the guest is to see, but for x0; x17 = where it goes on, which finds x16 and x17 on the stack. */
.macro load_return
	ldr	x1, [x16, #(GATE_ORIGINAL + 8)]
	ldp	x2, x3, [x16, #(GATE_ORIGINAL + 16)]
	ldp	x4, x5, [x16, #(GATE_ORIGINAL + 32)]
	ldr	x8, [x16, #SAVED_8_9]
	ldr	x17, [x16, #SAVED_16_17]
	str	x17, [sp, #-ROOM]!
	ldr	x17, [x16, #(SAVED_16_17 + 8)]
	str	x17, [sp, #8]
	ldr	x17, [x16, #GATE_RESUME]
.endm

/* A slot's stack begins under its end: the end is the next slot's first byte. */
.macro to_stack_of slot
	add	x0, \slot, #(1 << GATE_SLOT_SHIFT)
	sub	x0, x0, #16
	mov	sp, x0
.endm

/* On the guest's stack, which is about to be left. */
.macro guard_alternate
	address	x0, alternate_in_use
	ldrb	w0, [x0]
	cbz	w0, 1f
	mov	x0, x19
	bl	alternate_guard
1:
.endm

	.text
	.globl gate_entry
	.type gate_entry, %function
gate_entry:
	stp	x0, x1, [sp, #-32]!
	stp	x2, x3, [sp, #16]
.Ltake:
	address	x0, slot_taken
.Ltake_word:
	ldaxr	x1, [x0]
	mvn	x2, x1
	cbz	x2, .Ltake_next
	rbit	x2, x2
	clz	x2, x2
	mov	x3, #1
	lsl	x3, x3, x2
	orr	x1, x1, x3
	stxr	w3, x1, [x0]
	cbnz	w3, .Ltake_word
	address	x1, slot_taken
	sub	x0, x0, x1
	add	x2, x2, x0, lsl #3
	address	x1, slot_pool
	add	x16, x1, x2, lsl #GATE_SLOT_SHIFT
	b	.Ltaken
.Ltake_next:
	clrex
	add	x0, x0, #8
	address	x1, slot_taken + GATE_SLOT_COUNT / 8
	sub	x1, x1, x0
	cbnz	x1, .Ltake_word

	/* Every slot is in use: make room on the spare one, and begin again. */
	mov	w2, #1
	address	x0, slot_spare_taken
1:	ldaxr	w1, [x0]
	stxr	w3, w2, [x0]
	cbnz	w3, 1b
	cbz	w1, .Lreclaim
	mov	x16, x8
	mov	x8, #NR_sched_yield
	svc	#0
	mov	x8, x16
	b	.Ltake
.Lreclaim:
	address	x16, slot_pool + (GATE_SLOT_COUNT << GATE_SLOT_SHIFT)
	save_call
	to_stack_of x16
	mov	x0, x16
	bl	slot_reclaim
	ldr	x1, [x19, #GATE_STACK]
	mov	sp, x1
	ldr	x1, [x19, #GATE_PENDING]
	cbnz	x1, .Lpending
.Lreclaimed:
	mov	x16, x19
	load_guest
	load_return
	ldr	x0, [x16, #GATE_ORIGINAL]
	address	x16, slot_spare_taken
	stlr	wzr, [x16]
	b	gate_entry

.Ltaken:
	save_call
	guard_alternate
	to_stack_of x19
	mov	x0, x19
	bl	intercept_enter
.Laction:
	/*
	 * x19 = slot, w0 = enum slot_action. First leave the slot's stack, then look for signals: what
	 * comes between the two is handled, not put off once more.
	 */
	ldr	x1, [x19, #GATE_STACK]
	mov	sp, x1
	ldr	x1, [x19, #GATE_ALTERNATE_AWAY]
	cbnz	x1, .Lalternate
.Lsettled:
	ldr	x1, [x19, #GATE_PENDING]
	cbnz	x1, .Lpending
.Lact:
	mov	x16, x19
	cbz	w0, .Ldone
	/* SLOT_PASS: this gate keeps the slot over the call, as for SLOT_RUN. */
	cmp	w0, #5
	b.eq	.Lrun
	cmp	w0, #3
	b.eq	.Lvfork
	b.hi	.Lthread
	cmp	w0, #2
	b.eq	.Lfork

	/*
	 * All system calls between these two labels are the guest's, but for those between the inner
	 * two: intercept/trapping.c tells the kernel.
	 */
	.globl gate_calls_begin, gate_calls_end, gate_own_begin, gate_own_end
gate_calls_begin:
	/*
	 * SLOT_RUN: a signal's handler sees the guest's registers, and its stack free below the stack
	 * pointer; only x16, which is saved, holds the slot.
	 */
.Lrun:
	load_guest
	load_call
	svc	#0
.Lran:
	str	x0, [x16, #GATE_RESULT]
	ldr	x1, [x16, #GATE_LEAVE]
	cbz	x1, .Ldone
	mov	x19, x16
	guard_alternate
	to_stack_of x19
	mov	x0, x19
	bl	intercept_leave
	b	.Laction

.Ldone:
	load_guest
	load_return
	ldr	x0, [x16, #GATE_RESULT]
	stp	x0, x1, [sp, #-32]!
	stp	x2, x3, [sp, #16]
	address	x0, slot_pool
	sub	x0, x16, x0
	lsr	x0, x0, #GATE_SLOT_SHIFT
	mov	x1, #1
	lsl	x1, x1, x0
	lsr	x0, x0, #6
	address	x2, slot_taken
	add	x0, x2, x0, lsl #3
1:	ldxr	x2, [x0]
	bic	x2, x2, x1
	stlxr	w3, x2, [x0]
	cbnz	w3, 1b
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp], #32
.Lresume:
	tbnz	x17, #0, gate_trap
	br	x17
	/* context_leave_gate goes on from here. */
	.globl gate_trap
gate_trap:
	udf	#0

	/* intercept/alternate.h */
gate_own_begin:
.Lalternate:
	str	x0, [x19, #SAVED_ACTION]
	mov	x8, #NR_sigaltstack
	add	x0, x19, #GATE_ALTERNATE
	mov	x1, #0
	svc	#0
	str	xzr, [x19, #GATE_ALTERNATE_AWAY]
	ldr	x0, [x19, #SAVED_ACTION]
	b	.Lsettled

	/*
	 * A signal came while the engine worked on the slot's stack, where no handler of the guest may
	 * run; intercept/signals.c put it off. It is queued again and let in here, on the guest's stack.
	 */
.Lpending:
	str	x0, [x19, #SAVED_ACTION]
	to_stack_of x19
	mov	x0, x19
	bl	signals_requeue
	ldr	x0, [x19, #GATE_STACK]
	mov	sp, x0
	mov	x8, #NR_rt_sigprocmask
	mov	x0, #SIG_SETMASK
	add	x1, x19, #GATE_PENDING_MASK
	mov	x2, #0
	mov	x3, #8
	svc	#0
	ldr	x0, [x19, #SAVED_ACTION]
	str	xzr, [x19, #GATE_PENDING]
	address	x1, slot_pool + (GATE_SLOT_COUNT << GATE_SLOT_SHIFT)
	sub	x1, x1, x19
	cbz	x1, .Lreclaimed
	b	.Lact

gate_own_end:
.Lfork:
	load_guest
	load_call
	svc	#0
	cbnz	x0, .Lran
	/* The child may have been given another stack. */
	mov	x17, sp
	str	x17, [x16, #GATE_STACK]
	b	.Lran

.Lvfork:
	load_guest
	load_call
	svc	#0
	cbnz	x0, .Lran
	/* The child of a vfork goes on with its parent's registers, and leaves the slot to its parent. */
	load_return
	b	.Lresume

	/*
	 * SLOT_THREAD: ROOM under its top the new stack holds where the child goes on and the two
	 * registers that were changed for the kernel (intercept/process.c); what was passed to the kernel
	 * is that much lower. The child may outlive the slot, so it gets x16 and x17 in registers.
	 */
.Lthread:
	load_guest
	load_call
	str	x16, [sp, #-16]!
	ldr	x17, [x16, #(SAVED_16_17 + 8)]
	ldr	x16, [x16, #SAVED_16_17]
	svc	#0
	cbz	x0, .Lborn
	ldr	x16, [sp], #16
	b	.Lran
.Lborn:
	ldr	x1, [sp, #16]
	str	x17, [sp, #8]
	ldr	x17, [sp]
	str	x16, [sp]
	b	.Lresume
gate_calls_end:
	.size gate_entry, . - gate_entry

/*
 * Every handler of the guest is entered through here, so that the engine's own traps and faults stay
 * its own. x0 = signal, x1 = siginfo, x2 = ucontext, x30 = the way back. signals_receive() says where
 * to go on: the guest's handler, with the stack as the kernel left it, or nowhere.
 */
	.globl signal_entry
	.type signal_entry, %function
signal_entry:
	stp	x0, x1, [sp, #-32]!
	stp	x2, x30, [sp, #16]
	bl	signals_receive
	mov	x16, x0
	ldp	x2, x30, [sp, #16]
	ldp	x0, x1, [sp], #32
	cbz	x16, 1f
	br	x16
1:	ret
	.size signal_entry, . - signal_entry

	/* Unwinders know a signal's frame by these two instructions. */
	.globl signal_restorer
	.type signal_restorer, %function
signal_restorer:
	mov	x8, #NR_rt_sigreturn
	svc	#0
	.size signal_restorer, . - signal_restorer

	.section .note.GNU-stack, "", %progbits
