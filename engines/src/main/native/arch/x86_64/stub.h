#ifndef CORACLE_ARCH_X86_64_STUB_H
#define CORACLE_ARCH_X86_64_STUB_H

#include <stdbool.h>

/*
 * A stub holds the instruction that a jump displaced, and then either makes the system call itself,
 * when it is one that passes, or goes to the gate with rcx as the system call would leave it:
 *
 *	site:	jmp stub          stub:	mov $nr, %eax       (displaced)
 *		ud2                     cmp, look into rules_pass   (only if nr is not constant)
 *	next:	...                     lea next(%rip), %rcx
 *	                                mov $gate_entry, %r11d; jmp *%r11
 */
enum { STUB_JUMP_BYTES = 5, STUB_BYTES_MOST = 96 };

struct stub_site {
	unsigned long start; /* of the instruction that makes room, or the same as `site` */
	unsigned long jump;  /* where the jump to the stub goes: over that, or into a pad */
	unsigned long site;  /* of the system call */
	long number;	     /* when it is certain, else -1 */
	bool all;	     /* no call is made by the stub itself */
	bool rip_relative;   /* the displaced instruction addresses memory from where it stands */
};

/*
 * Writes a stub at *at and moves it on, then puts the jump to it in its place. Returns 0, or -errno
 * when that instruction cannot be displaced; then nothing has changed.
 */
int stub_write(unsigned char **at, const struct stub_site *place);

#endif
