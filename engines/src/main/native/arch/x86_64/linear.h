#ifndef CORACLE_ARCH_X86_64_LINEAR_H
#define CORACLE_ARCH_X86_64_LINEAR_H

#include <stdbool.h>

#include "functions.h"

/*
 * Proves a system call the quick way: by decoding in a line from the start of its function, which
 * the unwind tables tell. Sites must be asked for in rising order: decoding goes on where it last
 * stopped, so a function is decoded once, and only as far as its last site.
 */
struct linear_cursor {
	unsigned long start; /* of the function */
	unsigned long end;
	unsigned long before; /* the instruction that ends at `at`, 0 for none */
	unsigned long at;     /* an instruction begins here */
};

struct linear_site {
	unsigned long before; /* the instruction straight before it, if a jump may take its place */
	bool rip_relative;    /* that instruction addresses memory from where it stands */
	long number;	      /* when it is certain, else -1 */
};

enum linear_answer { LINEAR_NO, LINEAR_YES, LINEAR_UNKNOWN };

/* LINEAR_UNKNOWN where no table covers the address, or data lies between the instructions. */
enum linear_answer linear_prove(struct linear_cursor *cursor, const struct memory_range *code,
	const struct functions *functions, unsigned long address, struct linear_site *site);

/* What was proven at this address is about to become something that cannot be decoded. */
void linear_step_over(struct linear_cursor *cursor, unsigned long address, unsigned length);

#endif
