/* The engine's own beginning, and the guest's. (System V ABI for x86_64, section 3.4.1.) */
	.text
	.globl _start
	.type _start, @function
_start:
	xor	%ebp, %ebp
	mov	%rsp, %rdi
	and	$-16, %rsp
	call	engine_main
	hlt
	.size _start, . - _start

	.globl start_guest
	.type start_guest, @function
start_guest:
	mov	%rsi, %rsp
	mov	%rdi, %rcx
	xor	%eax, %eax
	xor	%ebx, %ebx
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%ebp, %ebp
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	xor	%r12d, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	xor	%r15d, %r15d
	jmp	*%rcx
	.size start_guest, . - start_guest

	.section .note.GNU-stack, "", @progbits
