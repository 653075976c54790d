#ifndef CORACLE_INTERCEPT_FILTER_H
#define CORACLE_INTERCEPT_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Programs for seccomp(2). Mode F2 has one for the whole tree of processes: a system call that the
 * engine wants and that is not made by the engine itself raises SIGSYS, wherever its instruction
 * lies; signals.c leads it into the gate. In mode P1 the tracer
 * sees the signal first, and does that without a handler.
 * Calls that pass need no look at where they come from, so that the kernel knows their answer
 * without running the program (Linux 5.11). A guest that brings a filter of its own gets it behind
 * a few instructions which let the engine's own calls through.
 */

enum { FILTER_TRAP_MOST = 2048, FILTER_FRONT = 16 };

/* What SIGSYS carries as si_errno when it is meant for the tracer of mode P1, and the event of a
 * 32-bit call for its message: that has no handler which could be its own. */
enum { FILTER_TRACED = 0x436f };

struct filter {
	struct sock_filter *code;
	size_t length;
	size_t most;
	bool overflow; /* asked once, at the end */
};

/* Addresses in the low 4 GiB. */
struct filter_range {
	unsigned long begin;
	unsigned long end;
};

/* Of modes F2 and P1: `answer` to calls that the engine wants, `own` is the engine's code. */
void filter_put_trap(struct filter *filter, const struct filter_range *own, unsigned answer);

/* The calls of 32-bit programs, where they run. */
struct filter_compat {
	unsigned architecture;	      /* AUDIT_ARCH_... */
	const unsigned char *passing; /* per number */
	unsigned count;
	const unsigned short *ranged; /* numbers of calls about memory */
	size_t ranged_count;
};

/*
 * What stands before that where such programs run: the same for their calls. Those that are about
 * memory pass unless they mean some of the engine's, `memory`; both its ends are a page's.
 */
void filter_put_compat(struct filter *filter, const struct filter_compat *calls,
	const struct filter_range *own, const struct filter_range *memory, unsigned answer);

/* What stands before that in mode P1: the call of this number stops for the tracer. */
void filter_put_question(struct filter *filter, unsigned number);

/*
 * What stands before a guest's filter. The calls that the gate makes are the guest's, but for some
 * in between: `gate` and, inside it, `gate_own`.
 */
void filter_put_front(struct filter *filter, const struct filter_range *own,
	const struct filter_range *gate, const struct filter_range *gate_own);

#endif
