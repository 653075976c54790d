#ifndef CORACLE_COMMAND_PROBE_TRIES_H
#define CORACLE_COMMAND_PROBE_TRIES_H

#include <stddef.h>

/* What a try gets: a directory that it may write in, and the name of a file in there of its own. */
struct probe_place {
	const char *directory;
	const char *file;
};

/* Something that a host may refuse. A try changes its process, so it is made in a child. */
struct probe_try {
	const char *name;
	long (*make)(const struct probe_place *place); /* >= 0, or -errno */
};

extern const struct probe_try probe_tries[];
extern const size_t probe_try_count;

/* What a program is executed with that only shall say that it runs. */
#define PROBE_ANSWER "--answer"

#endif
