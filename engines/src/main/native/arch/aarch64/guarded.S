/*
 * Copies that may touch memory the guest does not have; a fault between the two labels makes them
 * return -EFAULT (intercept/signals.c). Leaf functions without a frame, so that this is all it takes.
 *
 * long guarded_copy(void *to, const void *from, size_t size): 0
 * long guarded_copy_string(char *to, const char *from, size_t size): length, or size if no NUL in it
 */
#define EFAULT 14

	.text
	.globl guarded_begin, guarded_end, guarded_fault
	.globl guarded_copy
	.type guarded_copy, %function
guarded_begin:
guarded_copy:
	and	x4, x2, #7
	sub	x2, x2, x4
1:	cbz	x2, 2f
	ldr	x3, [x1], #8
	str	x3, [x0], #8
	sub	x2, x2, #8
	b	1b
2:	cbz	x4, 3f
	ldrb	w3, [x1], #1
	strb	w3, [x0], #1
	sub	x4, x4, #1
	b	2b
3:	mov	x0, #0
	ret
	.size guarded_copy, . - guarded_copy

	.globl guarded_copy_string
	.type guarded_copy_string, %function
guarded_copy_string:
	mov	x3, x0
	mov	x0, #0
1:	cmp	x0, x2
	b.hs	2f
	ldrb	w4, [x1, x0]
	strb	w4, [x3, x0]
	cbz	w4, 2f
	add	x0, x0, #1
	b	1b
2:	ret
	.size guarded_copy_string, . - guarded_copy_string
guarded_end:
guarded_fault:
	mov	x0, #-EFAULT
	ret

	.section .note.GNU-stack, "", %progbits
