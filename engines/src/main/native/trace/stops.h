#ifndef CORACLE_TRACE_STOPS_H
#define CORACLE_TRACE_STOPS_H

#include <stdbool.h>

/*
 * Answers the stops of all threads of all processes of a run until none is left. Nothing is kept of
 * any of them, so their number over the time does not matter. In a run with a filter (P1) only
 * calls stop that nothing has patched; without (P2) all do.
 */
void stops_answer_all(bool filtered);

/* What is asked of the kernel for the first of them, and what its descendants inherit. */
long stops_seize(int process);

#endif
