/*
 * The way of a 32-bit program's system call into the engine and back.
 *
 * compat_gate is entered in 64-bit mode with the registers as they were at the call, but for eight
 * bytes on the program's stack: where it goes on, and its code segment, as a far return takes them.
 *
 * Signals are blocked from the first call of the kernel to the last. Before and behind these the
 * kernel may build a 32-bit frame here, which keeps no register of 64 bits and none above the
 * eighth: so nothing but the low halves of the old ones, and the stack, may matter there, nor
 * where a call may block. This stack is the program's, and i386 has no red zone.
 */
#include "intercept/gate.h"
#include "gate.h"

#define NR_rt_sigprocmask 14
#define NR_sched_yield 24
#define SIG_SETMASK 2

	.section .rodata
	.balign 8
every_signal:
	.quad -1

	.text

/* To the frame at rsp. */
.macro block_signals
	mov	$NR_rt_sigprocmask, %eax
	mov	$SIG_SETMASK, %edi
	mov	$every_signal, %esi
	mov	%rsp, %rdx
	mov	$8, %r10d
	syscall
.endm

.macro restore_signals
	mov	$NR_rt_sigprocmask, %eax
	mov	$SIG_SETMASK, %edi
	mov	%rsp, %rsi
	xor	%edx, %edx
	mov	$8, %r10d
	syscall
.endm

.macro call_c function
	lea	((1 << GATE_SLOT_SHIFT) - 16)(%rbx), %rsp
	mov	%rbx, %rdi
	call	\function
.endm

.macro give_slot_back
	mov	%rbx, %r11
	sub	$slot_pool, %r11
	shr	$GATE_SLOT_SHIFT, %r11
	lock btrq %r11, slot_taken
.endm

/* All registers but rsp from the frame behind its mask, and the flags. */
.macro load_frame
	lea	8(%rsp), %rsp
	pop	%rax
	pop	%rbx
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rbp
	popfq
.endm

/* No 32-bit call needs the sixth argument here (enter.c), so ebp keeps the slot over it. */
.macro make_call
	mov	GATE_NUMBER(%rbp), %eax
	mov	GATE_ARGUMENT+0(%rbp), %ebx
	mov	GATE_ARGUMENT+8(%rbp), %ecx
	mov	GATE_ARGUMENT+16(%rbp), %edx
	mov	GATE_ARGUMENT+24(%rbp), %esi
	mov	GATE_ARGUMENT+32(%rbp), %edi
	int	$0x80
.endm

	.globl compat_gate
	.type compat_gate, @function
compat_gate:
	mov	%esp, %esp
	pushfq
	cld
	mov	%ebp, %ebp
	push	%rbp
	mov	%edi, %edi
	push	%rdi
	mov	%esi, %esi
	push	%rsi
	mov	%edx, %edx
	push	%rdx
	mov	%ecx, %ecx
	push	%rcx
	mov	%ebx, %ebx
	push	%rbx
	mov	%eax, %eax
	push	%rax
	push	$0
	block_signals
.Lfind:
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
	jmp	.Lfind
.Lreclaim:
	mov	$slot_pool + (GATE_SLOT_COUNT << GATE_SLOT_SHIFT), %ebx
	mov	%rsp, %rbp
	call	.Lopen
	call_c	slot_reclaim
	mov	%rbp, %rsp
	movl	$0, slot_spare_taken
	jmp	.Lfind

	/* What gate.S writes into a slot that it has taken. */
.Lopen:
	lea	8(%rsp), %rcx
	mov	%rcx, GATE_STACK(%rbx)
	mov	$1, %ecx
	lock xadd %rcx, slot_sequence
	mov	%rcx, GATE_SEQUENCE(%rbx)
	movq	$0, GATE_PENDING(%rbx)
	movq	$0, GATE_LEAVE(%rbx)
	movq	$0, GATE_ALTERNATE_AWAY(%rbx)
	movq	$0, GATE_OWNER(%rbx)
	ret

.Ltaken:
	shl	$GATE_SLOT_SHIFT, %rbx
	add	$slot_pool, %rbx
	call	.Lopen
	call_c	compat_enter
.Lact:
	mov	GATE_STACK(%rbx), %rsp
	cmp	$COMPAT_ASK, %eax
	jb	.Lback
	je	.Lask
	cmp	$COMPAT_SHARE, %eax
	jb	.Lfork
	je	.Lshare
	cmp	$COMPAT_EXECUTE, %eax
	je	.Lexecute

	/* COMPAT_OWN */
	give_slot_back
	restore_signals
	load_frame
	int	$0x80
	lretl

.Lback:
	give_slot_back
.Lreturn:
	restore_signals
	load_frame
	lretl

.Lask:
	mov	%ebx, %ebp
	restore_signals
	make_call
	movslq	%eax, %rax
	mov	%rax, GATE_RESULT(%rbp)
.Lasked:
	block_signals
.Lleave:
	mov	%ebp, %ebx
	call_c	compat_leave
	jmp	.Lact

.Lexecute:
	mov	%ebx, %ebp
	restore_signals
	mov	GATE_NUMBER(%rbp), %rax
	mov	GATE_ARGUMENT+0(%rbp), %rdi
	mov	GATE_ARGUMENT+8(%rbp), %rsi
	mov	GATE_ARGUMENT+16(%rbp), %rdx
	syscall
	movslq	%eax, %rax
	mov	%rax, GATE_RESULT(%rbp)
	jmp	.Lasked

.Lfork:
	mov	%ebx, %ebp
	make_call
	movslq	%eax, %rax
	mov	%rax, GATE_RESULT(%rbp)
	test	%eax, %eax
	jnz	.Lleave
	/* The child may have been given another stack, with a frame on it. */
	mov	%rsp, GATE_STACK(%rbp)
	jmp	.Lleave

	/* The child has a frame, on this stack or on its own, and leaves the slot to its parent. */
.Lshare:
	mov	%ebx, %ebp
	make_call
	test	%eax, %eax
	jz	.Lshared
	movslq	%eax, %rax
	mov	%rax, GATE_RESULT(%rbp)
	jmp	.Lleave
.Lshared:
	movq	$0, COMPAT_FRAME_RAX(%rsp)
	jmp	.Lreturn
	.size compat_gate, . - compat_gate

	/* long compat_call(unsigned long number, const unsigned long argument[6]) */
	.globl compat_call
	.type compat_call, @function
compat_call:
	push	%rbx
	push	%rbp
	mov	%edi, %eax
	mov	%rsi, %r8
	mov	0(%r8), %ebx
	mov	8(%r8), %ecx
	mov	16(%r8), %edx
	mov	24(%r8), %esi
	mov	32(%r8), %edi
	mov	40(%r8), %ebp
	int	$0x80
	movslq	%eax, %rax
	pop	%rbp
	pop	%rbx
	ret
	.size compat_call, . - compat_call

	/* void compat_begin(unsigned long entry, unsigned long stack) */
	.globl compat_begin
	.type compat_begin, @function
compat_begin:
	mov	%esi, %esp
	push	$0
	mov	%edi, (%rsp)
	movl	$COMPAT_CODE, 4(%rsp)
	mov	$COMPAT_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%ebp, %ebp
	lretl
	.size compat_begin, . - compat_begin

	.section .note.GNU-stack, "", @progbits
