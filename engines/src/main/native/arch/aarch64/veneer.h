#ifndef CORACLE_ARCH_AARCH64_VENEER_H
#define CORACLE_ARCH_AARCH64_VENEER_H

/*
 * The kernel keeps every register but x0, and code relies on it, so a veneer has no register to
 * itself: it saves two below the stack pointer, where nothing of the guest is (room.h), and
 * gets them back there from the gate. It changes no flags.
 *
 *	site:	b	veneer		veneer:	stp	x16, x17, [sp, #-128]!
 *	next:	...				lsr	w16, w8, #10	(these only if the
 *						cbnz	w16, wanted	number is not constant)
 *						mov	x16, #rules_pass
 *						ldrb	w16, [x16, w8, uxtw]
 *						cbz	w16, wanted
 *						ldp	x16, x17, [sp], #128
 *						svc	#0
 *						b	next
 *					wanted:	mov	x16, #gate_entry
 *						adr	x17, back
 *						br	x16
 *					back:	ldp	x16, x17, [sp], #128
 *						b	next
 */
enum { VENEER_WORDS_MOST = 16 };

struct veneer {
	unsigned long site; /* the system call that it stands for */
	unsigned long at;   /* where the veneer will run */
	unsigned long gate; /* the gate's address, below 4 GiB */
	unsigned long pass; /* address of rules_pass, below 4 GiB; 0 when the number is certain */
};

/* Writes the veneer; how many words it has, or -ERANGE when the way back is too far. */
int veneer_write(const struct veneer *veneer, unsigned words[VENEER_WORDS_MOST]);

#endif
