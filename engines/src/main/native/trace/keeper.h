#ifndef CORACLE_TRACE_KEEPER_H
#define CORACLE_TRACE_KEEPER_H

#include <stdbool.h>

/*
 * The tracer of modes P1 and P2 is a process beside the guest's first one, both children of the
 * command that was started. That command waits for the first process as in any mode. When it ends,
 * the tracer goes on as long as any process of the run is left; when it is killed, so is the
 * tracer, and with the tracer every process of the run.
 */
struct keeper {
	int process;
	int join;   /* whoever is to be traced says so here */
	int joined; /* and is told here whether it is */
	int released;
};

/* Starts it, in the command. 0 or -errno. */
long keeper_start(struct keeper *keeper, bool filtered);

/* The calling process, which has become the guest's first, wants to be traced. 0 or -errno. */
long keeper_join(const struct keeper *keeper);

/* In the command, after it has started the guest's first process. */
void keeper_close(struct keeper *keeper);

/* Before the command ends: the tracer may outlive it. True when it has failed, and the guest with
 * it. */
bool keeper_release(const struct keeper *keeper);

#endif
