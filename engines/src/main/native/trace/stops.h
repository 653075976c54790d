#ifndef CORACLE_TRACE_STOPS_H
#define CORACLE_TRACE_STOPS_H

#include <stdbool.h>

/* What makes a call stop that nothing has patched. */
enum net {
	NET_FILTER,   /* P1: the filter of intercept/trapping.c */
	NET_DISPATCH, /* P2: the kernel sends back every call that is not made by the engine's code
			 (Syscall User Dispatch, asked for by a tracer: Linux 6.4) */
	NET_CALLS     /* P2 elsewhere: every call stops, at its beginning and its end */
};

/*
 * Answers the stops of all threads of all processes of a run until none is left. Nothing is kept of
 * any of them, so their number over the time does not matter.
 */
void stops_answer_all(enum net net);

/*
 * What is asked of the kernel for the first of them, and what its descendants inherit. Back comes
 * the net that there is, NET_FILTER where that is wished for; or -errno.
 */
long stops_seize(int process, bool filtered);

#endif
