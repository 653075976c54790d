#ifndef CORACLE_ARCH_X86_64_SURROUNDINGS_H
#define CORACLE_ARCH_X86_64_SURROUNDINGS_H

#include "sites.h"

/* What stands around a syscall; the two ways to prove it, used by sites.c. */

/* Decodes all of function. Returns 1, 0 if no instruction begins at the site, -EINVAL if unclear.
 */
int surroundings_by_function(
	const struct memory_range *code, const struct function *function, struct site *site);

/* Returns 1 if the bytes around the site are code that agrees on it, else 0. */
int surroundings_by_consensus(const struct memory_range *code, struct site *site);

/*
 * True if mov $number,%eax or %rax stands right before the syscall, whatever streams make of it:
 * around a signal return they may come in two equal halves, for ud2 over and over is in step either
 * way.
 */
bool surroundings_follow_number(const struct memory_range *code, unsigned long candidate);

/* Notes that control may arrive at target, if that is within the site's reach. */
void surroundings_mark(struct site *site, unsigned long target);

#endif
