#ifndef CORACLE_TRACE_KEEPER_H
#define CORACLE_TRACE_KEEPER_H

#include <stdbool.h>

/*
 * Modes P1 (`filtered`) and P2: gives the calling process, which is about to become the guest's
 * first, a tracer. That is a process beside it, of no parent that is a guest, which has nothing
 * open and ends when all processes of the run have; when it is killed, so are they. Back comes what
 * the tracer catches calls with, an enum net (trace/stops.h), or -errno when the host does not
 * allow it.
 */
long keeper_start(bool filtered);

#endif
