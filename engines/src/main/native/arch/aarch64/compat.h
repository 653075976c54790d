#ifndef CORACLE_ARCH_COMPAT_H
#define CORACLE_ARCH_COMPAT_H

#include <linux/errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "intercept/slot.h"

/* 32-bit programs of this architecture are refused. (arch/x86_64/compat.h has some that run.) */
enum { COMPAT_CALLS = 0, COMPAT_AUDIT = 0, compat_on = 0, compat_ranged_count = 0 };

static const unsigned char compat_passing[1];
static const unsigned short compat_ranged[1];

struct compat_program {
	unsigned long entry;
	unsigned long *stack;
	const void *vector;
	bool executable_stack;
};

static inline long compat_check(void)
{
	return -ENOSYS;
}

static inline long compat_reserve(size_t size)
{
	(void)size;
	return -ENOSYS;
}

static inline long compat_start(const struct compat_program *program)
{
	(void)program;
	return -ENOSYS;
}

static inline bool compat_runs_in(unsigned long process)
{
	(void)process;
	return false;
}

static inline unsigned long compat_blocked(const struct slot *slot)
{
	(void)slot;
	return 0;
}

static inline long compat_repeat(const struct slot *slot)
{
	(void)slot;
	return -ENOSYS;
}

#endif
