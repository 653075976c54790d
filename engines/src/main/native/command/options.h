#ifndef CORACLE_COMMAND_OPTIONS_H
#define CORACLE_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The words of `coracle-engine run`, as they were given. */
enum { OPTIONS_BINDS_MOST = 64 };

struct options {
	const char *root;
	const char *directory; /* in the guest */
	const char *user;      /* "UID:GID" or NULL */
	const char *run;
	const char *status; /* file for the outcome, or NULL */
	const char *binds[OPTIONS_BINDS_MOST];
	size_t bind_count;
	char **words; /* all arguments: --env=... is read from here once more */
	size_t word_count;
	bool clear_environment;
	char **command; /* program and arguments, ended by NULL */
};

/* Reads argv from `first` on. Returns 0, or -1 after a message. */
int options_read(struct options *options, char **argv, size_t first);

/* The value if `word` is `name` with a value ("--root=" "DIR"), or NULL. */
const char *options_value(const char *word, const char *name);

#endif
