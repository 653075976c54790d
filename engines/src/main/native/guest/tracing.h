#ifndef CORACLE_GUEST_TRACING_H
#define CORACLE_GUEST_TRACING_H

#include <stdbool.h>

#include "base/text.h"

/*
 * What /proc/PID/status says of the tracer of modes P1 and P2: that there is none. One that a guest
 * has, a debugger, is shown.
 */
struct tracing {
	bool ours;    /* our tracer has the process */
	bool stopped; /* and a signal has stopped it, which the kernel shows as a stop for a tracer
		       */
};

/* `status` is a descriptor of that file, `bytes` are for the time of the call. */
struct tracing tracing_of(int status, char *bytes, size_t room);

/* True when the line is one of these, and has been written. */
bool tracing_add(struct text *out, const char *line, const struct tracing *tracing);

#endif
