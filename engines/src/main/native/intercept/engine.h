#ifndef CORACLE_INTERCEPT_ENGINE_H
#define CORACLE_INTERCEPT_ENGINE_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/slot.h"
#include "path/view.h"

/* The uid and gid that the guest believes it has; `given` is false when it sees the real ones. */
struct identity {
	bool given;
	unsigned user; /* the effective ones; only these live on over an execve(2) */
	unsigned group;
	unsigned first_user; /* those that getuid(2) and getgid(2) tell */
	unsigned first_group;
	unsigned saved_user;
	unsigned saved_group;
	unsigned real_user;
	unsigned real_group;
};

/*
 * What one guest program runs with. Set up once, before the guest's first instruction, and constant
 * from then on, so threads and vfork children may read it freely. It travels over execve(2) as one
 * environment string (state.h).
 */
struct engine {
	const char *run;   /* name of this run, marks every process of it; not ended by NUL */
	size_t run_length; /* may be 0 */
	const char *exe;   /* guest path of the running program, as /proc/self/exe shows it */
	const char *file;  /* host path of the same */
	const char *name;  /* the path as execve(2) was given it: AT_EXECFN and comm */
	struct identity identity;
	struct view view;
};

extern struct engine engine;

#endif
