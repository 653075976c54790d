#ifndef CORACLE_INTERCEPT_TRACE_H
#define CORACLE_INTERCEPT_TRACE_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * `--trace=FILE`: a line for each call whose paths the engine resolved, with tabs between the
 * fields: process, call, result, and then a guest path and its host path for each place that was
 * looked up. All processes of a run append to the file; a line is one write(2), so none is torn. In
 * a path a tab, a newline and a backslash are written as \t, \n and \\.
 */

/* Is this run traced? Nothing else happens in one that is not. */
bool trace_on(void);

/* A new call. */
void trace_begin(struct slot *slot);

/* A place that the call's path means: that of slot->walk. */
void trace_place(struct slot *slot);

/* The call is answered, or is about to run: then its answer is waited for. */
enum slot_action trace_decided(struct slot *slot, enum slot_action action);

#endif
