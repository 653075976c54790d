/*
 * The way of a guest's system call into the engine and back (x86_64).
 *
 * A patched site jumps to gate_entry with rax = number, the arguments in their registers, and
 * rcx = the address behind the system-call instruction, just as the instruction itself would leave
 * it. Like the instruction, the way through destroys rcx and r11, and the arithmetic flags besides.
 * Nothing below the guest's red zone is safe from a signal's frame unless the stack pointer is moved.
 */
#include "intercept/gate.h"

#define NR_rt_sigprocmask 14
#define NR_sigaltstack 131
#define NR_sched_yield 24
#define SIG_SETMASK 2
#define NARROW_getpid 20
#define RED_ZONE 128

/* rbx = slot; the guest's rcx, rax and rbx were pushed, in this order, below its red zone. */
.macro save_call
	pop	GATE_SAVED(%rbx)
	pop	%rax
	pop	GATE_RESUME(%rbx)
	lea	RED_ZONE(%rsp), %rsp
	mov	%rsp, GATE_STACK(%rbx)
	mov	%rax, GATE_NUMBER(%rbx)
	mov	%rdi, GATE_ORIGINAL+0(%rbx)
	mov	%rsi, GATE_ORIGINAL+8(%rbx)
	mov	%rdx, GATE_ORIGINAL+16(%rbx)
	mov	%r10, GATE_ORIGINAL+24(%rbx)
	mov	%r8, GATE_ORIGINAL+32(%rbx)
	mov	%r9, GATE_ORIGINAL+40(%rbx)
	mov	%rdi, GATE_ARGUMENT+0(%rbx)
	mov	%rsi, GATE_ARGUMENT+8(%rbx)
	mov	%rdx, GATE_ARGUMENT+16(%rbx)
	mov	%r10, GATE_ARGUMENT+24(%rbx)
	mov	%r8, GATE_ARGUMENT+32(%rbx)
	mov	%r9, GATE_ARGUMENT+40(%rbx)
	movq	$0, GATE_PENDING(%rbx)
	movq	$0, GATE_LEAVE(%rbx)
	movq	$0, GATE_ALTERNATE_AWAY(%rbx)
	mov	$1, %ecx
	lock xadd %rcx, slot_sequence
	mov	%rcx, GATE_SEQUENCE(%rbx)
	movq	$0, GATE_OWNER(%rbx)
	cmpb	$0, slot_has_thread_pointer
	je	1f
	rdfsbase %rcx
	mov	%rcx, GATE_OWNER(%rbx)
1:
.endm

/* The guest's argument registers, as they were. */
.macro load_original
	mov	GATE_ORIGINAL+0(%rbx), %rdi
	mov	GATE_ORIGINAL+8(%rbx), %rsi
	mov	GATE_ORIGINAL+16(%rbx), %rdx
	mov	GATE_ORIGINAL+24(%rbx), %r10
	mov	GATE_ORIGINAL+32(%rbx), %r8
	mov	GATE_ORIGINAL+40(%rbx), %r9
.endm

/* A slot's stack begins under its end: the end is the next slot's first byte. */
.macro to_slot_stack
	lea	((1 << GATE_SLOT_SHIFT) - 16)(%rbx), %rsp
.endm

/* On the guest's stack, which is about to be left. */
.macro guard_alternate
	cmpb	$0, alternate_in_use
	je	1f
	lea	-RED_ZONE(%rsp), %rsp
	and	$-16, %rsp
	mov	%rbx, %rdi
	call	alternate_guard
1:
.endm

	.text
	.globl gate_entry
	.type gate_entry, @function
gate_entry:
	lea	-RED_ZONE(%rsp), %rsp
	push	%rcx
	push	%rax
	push	%rbx
	xor	%ebx, %ebx
.Ltake:
	lock btsq %rbx, slot_taken
	jnc	.Ltaken
	inc	%ebx
	cmp	$GATE_SLOT_COUNT, %ebx
	jb	.Ltake

	/* Every slot is in use: make room on the spare one, and begin again. */
	mov	$1, %ebx
	xchg	%ebx, slot_spare_taken
	test	%ebx, %ebx
	jz	.Lreclaim
	mov	$NR_sched_yield, %eax
	syscall
	xor	%ebx, %ebx
	jmp	.Ltake
.Lreclaim:
	mov	$slot_pool + (GATE_SLOT_COUNT << GATE_SLOT_SHIFT), %rbx
	save_call
	to_slot_stack
	mov	%rbx, %rdi
	call	slot_reclaim
	mov	GATE_STACK(%rbx), %rsp
	cmpq	$0, GATE_PENDING(%rbx)
	jne	.Lpending
.Lreclaimed:
	load_original
	mov	GATE_NUMBER(%rbx), %rax
	mov	GATE_RESUME(%rbx), %rcx
	mov	GATE_SAVED(%rbx), %rbx
	movl	$0, slot_spare_taken
	jmp	gate_entry

.Ltaken:
	shl	$GATE_SLOT_SHIFT, %rbx
	add	$slot_pool, %rbx
	save_call
	guard_alternate
	to_slot_stack
	mov	%rbx, %rdi
	call	intercept_enter
.Laction:
	/*
	 * eax = enum slot_action. First leave the slot's stack, then look for signals: what comes
	 * between the two is handled, not put off once more.
	 */
	mov	GATE_STACK(%rbx), %rsp
	cmpq	$0, GATE_ALTERNATE_AWAY(%rbx)
	jne	.Lalternate
.Lsettled:
	cmpq	$0, GATE_PENDING(%rbx)
	jne	.Lpending
.Lact:
	test	%eax, %eax
	jz	.Ldone
	mov	GATE_ARGUMENT+0(%rbx), %rdi
	mov	GATE_ARGUMENT+8(%rbx), %rsi
	mov	GATE_ARGUMENT+16(%rbx), %rdx
	mov	GATE_ARGUMENT+24(%rbx), %r10
	mov	GATE_ARGUMENT+32(%rbx), %r8
	mov	GATE_ARGUMENT+40(%rbx), %r9
	cmp	$4, %eax
	je	.Lthread
	ja	.Lpass
	cmp	$2, %eax
	jae	.Lfork

	/*
	 * All system calls between these two labels are the guest's, but for those between the inner
	 * two: intercept/trapping.c tells the kernel.
	 */
	.globl gate_calls_begin, gate_calls_end, gate_own_begin, gate_own_end
gate_calls_begin:
	/* SLOT_RUN: every register is the guest's; the slot's address waits below the red zone. */
	mov	GATE_NUMBER(%rbx), %rax
	lea	-(RED_ZONE + 8)(%rsp), %rsp
	mov	%rbx, (%rsp)
	mov	GATE_SAVED(%rbx), %rbx
	.globl gate_run_call
gate_run_call:
	syscall
	mov	(%rsp), %rbx
.Lran:
	mov	%rax, GATE_RESULT(%rbx)
	cmpq	$0, GATE_LEAVE(%rbx)
	je	.Ldone
	mov	GATE_STACK(%rbx), %rsp
	guard_alternate
	to_slot_stack
	mov	%rbx, %rdi
	call	intercept_leave
	jmp	.Laction

.Ldone:
	load_original
	mov	GATE_RESULT(%rbx), %rax
	mov	GATE_RESUME(%rbx), %rcx
	mov	GATE_STACK(%rbx), %rsp
	mov	%rbx, %r11
	mov	GATE_SAVED(%rbx), %rbx
	sub	$slot_pool, %r11
	shr	$GATE_SLOT_SHIFT, %r11
	lock btrq %r11, slot_taken
	jmp	*%rcx

	/*
	 * SLOT_PASS: nothing in the slot is needed any more, so it is free before the call, which may
	 * block, or end the thread. Only the address to go on at waits below the red zone.
	 */
.Lpass:
	mov	GATE_NUMBER(%rbx), %rax
	mov	GATE_RESUME(%rbx), %rcx
	lea	-(RED_ZONE + 8)(%rsp), %rsp
	mov	%rcx, (%rsp)
	mov	%rbx, %r11
	mov	GATE_SAVED(%rbx), %rbx
	sub	$slot_pool, %r11
	shr	$GATE_SLOT_SHIFT, %r11
	lock btrq %r11, slot_taken
	.globl gate_pass_call
gate_pass_call:
	syscall
	mov	(%rsp), %rcx
	lea	(RED_ZONE + 8)(%rsp), %rsp
	jmp	*%rcx

	/* intercept/alternate.h */
gate_own_begin:
.Lalternate:
	mov	%rax, GATE_SAVED+8(%rbx)
	mov	$NR_sigaltstack, %eax
	lea	GATE_ALTERNATE(%rbx), %rdi
	xor	%esi, %esi
	syscall
	movq	$0, GATE_ALTERNATE_AWAY(%rbx)
	mov	GATE_SAVED+8(%rbx), %rax
	jmp	.Lsettled

	/*
	 * A signal came while the engine worked on the slot's stack, where no handler of the guest may
	 * run; intercept/signals.c put it off. It is queued again and let in here, on the guest's stack.
	 */
.Lpending:
	to_slot_stack
	push	%rax
	push	%rax
	mov	%rbx, %rdi
	call	signals_requeue
	mov	%r12, GATE_SAVED+8(%rbx)
	pop	%r12
	pop	%r12
	mov	GATE_STACK(%rbx), %rsp
	mov	$NR_rt_sigprocmask, %eax
	mov	$SIG_SETMASK, %edi
	lea	GATE_PENDING_MASK(%rbx), %rsi
	xor	%edx, %edx
	mov	$8, %r10d
	syscall
	mov	%r12, %rax
	mov	GATE_SAVED+8(%rbx), %r12
	movq	$0, GATE_PENDING(%rbx)
	cmp	$slot_pool + (GATE_SLOT_COUNT << GATE_SLOT_SHIFT), %rbx
	je	.Lreclaimed
	jmp	.Lact

	/*
	 * SLOT_FORK and SLOT_VFORK: rbx keeps the slot's address over the call, since a vfork child
	 * writes all over the stack below its parent's stack pointer.
	 */
gate_own_end:
.Lfork:
	mov	%rax, %rcx
	mov	GATE_NUMBER(%rbx), %rax
	cmp	$3, %ecx
	je	.Lvfork
	syscall
	test	%rax, %rax
	jnz	.Lran
	/* The child may have been given another stack. */
	mov	%rsp, GATE_STACK(%rbx)
	jmp	.Lran
.Lvfork:
	syscall
	test	%rax, %rax
	jnz	.Lran
	/* The child of a vfork goes on with its parent's registers, and leaves the slot to its parent. */
	load_original
	mov	GATE_RESUME(%rbx), %rcx
	mov	GATE_SAVED(%rbx), %rbx
	jmp	*%rcx

	/*
	 * SLOT_THREAD: in 32 bytes under its top the new stack holds where the child goes on and the
	 * two registers that were changed for the kernel (intercept/process.c); what was passed to the
	 * kernel is that much lower.
	 */
.Lthread:
	mov	GATE_NUMBER(%rbx), %rax
	lea	-(RED_ZONE + 8)(%rsp), %rsp
	mov	%rbx, (%rsp)
	mov	GATE_SAVED(%rbx), %rbx
	syscall
	test	%rax, %rax
	jz	.Lborn
	mov	(%rsp), %rbx
	jmp	.Lran
.Lborn:
	pop	%rcx
	pop	%rdi
	pop	%rsi
	lea	8(%rsp), %rsp
	jmp	*%rcx
gate_calls_end:
	.size gate_entry, . - gate_entry

/*
 * Copies that may touch memory the guest does not have; a fault between the two labels makes them
 * return -EFAULT (intercept/signals.c). Leaf functions without a frame, so that this is all it takes.
 *
 * long guarded_copy(void *to, const void *from, size_t size): 0
 * long guarded_copy_string(char *to, const char *from, size_t size): length, or size if no NUL in it
 */
	.globl guarded_begin, guarded_end, guarded_fault
	.globl guarded_copy
	.type guarded_copy, @function
guarded_begin:
guarded_copy:
	cmpb	$0, compat_on
	jne	compat_copy
	sub	$16, %rdx
	jb	2f
1:	mov	(%rsi), %rax
	mov	8(%rsi), %rcx
	mov	%rax, (%rdi)
	mov	%rcx, 8(%rdi)
	add	$16, %rsi
	add	$16, %rdi
	sub	$16, %rdx
	jae	1b
2:	add	$16, %edx
	jz	4f
3:	movzbl	-1(%rsi,%rdx), %eax
	mov	%al, -1(%rdi,%rdx)
	dec	%edx
	jnz	3b
4:	xor	%eax, %eax
	ret
	.size guarded_copy, . - guarded_copy

	/* Eight bytes at once, as long as they lie in one page and fit; at the end, and where they do
	 * not, one by one. */
	.globl guarded_copy_string
	.type guarded_copy_string, @function
guarded_copy_string:
	cmpb	$0, compat_on
	jne	compat_copy_string
	xor	%eax, %eax
	movabs	$0x0101010101010101, %r8
	movabs	$0x8080808080808080, %r9
1:	lea	8(%rax), %rcx
	cmp	%rdx, %rcx
	ja	2f
	lea	(%rsi,%rax), %rcx
	and	$0xfff, %ecx
	cmp	$0xff8, %ecx
	ja	2f
	mov	(%rsi,%rax), %r10
	mov	%r10, %rcx
	mov	%r10, %r11
	sub	%r8, %rcx
	not	%r11
	and	%r11, %rcx
	and	%r9, %rcx
	mov	%r10, (%rdi,%rax)
	jnz	4f
	add	$8, %rax
	jmp	1b
2:	cmp	%rdx, %rax
	jae	3f
	movzbl	(%rsi,%rax), %ecx
	mov	%cl, (%rdi,%rax)
	test	%ecx, %ecx
	jz	3f
	inc	%rax
	jmp	2b
3:	ret
	/* The lowest bit of rcx is that of the first NUL. */
4:	bsf	%rcx, %rcx
	shr	$3, %ecx
	add	%rcx, %rax
	ret
	.size guarded_copy_string, . - guarded_copy_string

	/* compat/gate.h; it changes no register but rax. */
	.globl guarded_try_compat
	.type guarded_try_compat, @function
guarded_try_compat:
	mov	$NARROW_getpid, %eax
	int	$0x80
	movslq	%eax, %rax
	ret
	.size guarded_try_compat, . - guarded_try_compat
guarded_end:
guarded_fault:
	mov	$-14, %rax
	ret

/*
 * Every handler of the guest is entered through here, so that the engine's own traps and faults stay
 * its own. rdi = signal, rsi = siginfo, rdx = ucontext. signals_receive() says where to go on: the
 * guest's handler, with the stack as the kernel left it, or nowhere.
 */
	.globl signal_entry
	.type signal_entry, @function
signal_entry:
	push	%rdi
	push	%rsi
	push	%rdx
	call	signals_receive
	pop	%rdx
	pop	%rsi
	pop	%rdi
	test	%rax, %rax
	jz	1f
	mov	%rax, %rcx
	xor	%eax, %eax
	jmp	*%rcx
1:	ret
	.size signal_entry, . - signal_entry

	.globl signal_restorer
	.type signal_restorer, @function
signal_restorer:
	mov	$15, %eax
	syscall
	.size signal_restorer, . - signal_restorer

	.section .note.GNU-stack, "", @progbits
