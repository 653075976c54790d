/* The engine's own beginning, and the guest's. (ELF for the Arm 64-bit Architecture.) */
	.text
	.globl _start
	.type _start, %function
_start:
	mov	x29, #0
	mov	x30, #0
	mov	x0, sp
	and	x1, x0, #-16
	mov	sp, x1
	bl	engine_main
	brk	#0
	.size _start, . - _start

	.globl start_guest
	.type start_guest, %function
start_guest:
	mov	sp, x1
	mov	x16, x0
	mov	x0, #0
	mov	x1, #0
	mov	x29, #0
	mov	x30, #0
	br	x16
	.size start_guest, . - start_guest

	.section .note.GNU-stack, "", %progbits
