#ifndef CORACLE_INTERCEPT_ENGINE_H
#define CORACLE_INTERCEPT_ENGINE_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/identity.h"
#include "intercept/index.h"
#include "intercept/slot.h"
#include "path/view.h"

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
	struct identity identity;
	struct index_identity index;
	struct view view;
	const char *trace; /* file for the lines of trace.h, or NULL */
};

extern struct engine engine;

#endif
