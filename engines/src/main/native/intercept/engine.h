#ifndef CORACLE_INTERCEPT_ENGINE_H
#define CORACLE_INTERCEPT_ENGINE_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/custom.h"
#include "intercept/identity.h"
#include "intercept/index.h"
#include "intercept/program.h"
#include "intercept/slot.h"
#include "path/view.h"

/*
 * Mode F2, those with a tracer, and what the guest must not see of it, as bits; they live on over
 * execve(2). (intercept/trapping.h)
 */
enum {
	TRAPPING_ON = 1,	 /* the kernel traps what is not patched */
	TRAPPING_PRIVILEGES = 2, /* no_new_privs was set for that, not by the guest */
	GUEST_PRIVILEGES = 4,	 /* the guest has set no_new_privs itself */
	GUEST_FILTER = 8,	 /* and there is a filter that is not ours */
	GUEST_FILTERS = 16,   /* and the guest has brought it, so it sees our calls for the guest */
	TRAPPING_TRACED = 32, /* modes P1 and P2: a tracer catches what is not patched */
	/* The working directory is shared with a process that has other memory (CLONE_FS): it may
	 * change without our knowing. */
	GUEST_DIRECTORY = 64,
	TRAPPING_DISPATCH = 128 /* mode P2: by Syscall User Dispatch, not by a filter */
};

/*
 * What one guest program runs with. Set up once, before the guest's first instruction, and constant
 * from then on, so threads and vfork children may read it freely. It travels over execve(2) as one
 * environment string (state.h).
 */
struct engine {
	const char *run;     /* name of this run, marks every process of it; not ended by NUL */
	size_t run_length;   /* may be 0 */
	const char *exe;     /* guest path of the running program, as /proc/self/exe shows it */
	const char *file;    /* host path of the same */
	const char *name;    /* the path as execve(2) was given it: AT_EXECFN and comm */
	const char *changes; /* file of the page that tells of changed links (changes.h), or "" */
	bool undumpable;     /* what the guest has set with prctl(2) and is shown */
	const char *interpreter; /* host path of its ELF interpreter, empty if it has none */
	struct identity identity;
	struct custom custom;
	struct index_identity index;
	struct own_program program;
	unsigned trapping;
	struct view view;
	const char *trace; /* file for the lines of trace.h, or NULL */
};

extern struct engine engine;

#endif
