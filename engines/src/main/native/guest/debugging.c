#include <linux/errno.h>
#include <linux/ptrace.h>

#include "intercept/engine.h"
#include "intercept/trapping.h"
#include "rules/calls.h"

/*
 * A guest that traces another, as debuggers do. A thread has one tracer at most, so in modes P1 and
 * P2 ours lets go of it first; it lives on with what F2 or F1 have, which is the same engine. Whom
 * the tracer has not, it lets go of by doing nothing.
 */
enum slot_action debugging_ptrace(struct slot *slot)
{
	long whom = -1;

	if ((engine.trapping & TRAPPING_TRACED) == 0)
		return SLOT_RUN;
	if (slot->argument[0] == PTRACE_TRACEME)
		whom = 0;
	else if (slot->argument[0] == PTRACE_ATTACH || slot->argument[0] == PTRACE_SEIZE)
		whom = (int)slot->argument[1];
	/* An answer other than 0 means that there is no tracer. */
	if (whom >= 0)
		(void)trapping_let_go((int)whom);
	return SLOT_RUN;
}
