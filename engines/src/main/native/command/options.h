#ifndef CORACLE_COMMAND_OPTIONS_H
#define CORACLE_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "intercept/custom.h"

/* The words of `coracle-engine run`, as they were given. */
enum { OPTIONS_BINDS_MOST = 64, OPTIONS_LOWERS_MOST = 30 };

struct options {
	const char *root;
	const char *directory;	/* in the guest */
	const char *user;	/* "UID:GID" or NULL */
	const char *owners;	/* file that remembers ownership, or NULL */
	const char *synthesise; /* names of files, with commas between, or NULL */
	const char *run;
	const char *trace;	   /* file for what is looked up, or NULL */
	const char *status;	   /* file for the outcome, or NULL */
	const char *mode;	   /* one of those that this engine has */
	const char *index;	   /* file, or NULL: beside the tree */
	const char *scratch;	   /* directory for mount points that the tree lacks */
	const char *run_directory; /* on the host, for this run alone, or NULL */
	const char *upper; /* directory that takes what changes, or NULL; then there are lowers */
	const char *lowers[OPTIONS_LOWERS_MOST]; /* instead of a root, from the top */
	size_t lower_count;
	const char *binds[OPTIONS_BINDS_MOST];
	bool bind_exact[OPTIONS_BINDS_MOST]; /* over a symbolic link itself, not what it leads to */
	size_t bind_count;
	struct custom custom; /* --kernel and --port */
	const char *emulator; /* --qemu: a program of the host, with options, or NULL */
	bool netcoop;	      /* ports that the guest binds get any number that is free */
	char **words;	      /* all arguments: --env=... is read from here once more */
	size_t word_count;
	bool directory_if_there; /* else the root */
	bool quiet;		 /* no warnings */
	bool clear_environment;
	bool kill_on_exit;
	unsigned long timeout; /* in seconds; 0 for none */
	char **command;	       /* program and arguments, ended by NULL */
};

/* Reads argv from `first` on. Returns 0, or -1 after a message. */
int options_read(struct options *options, char **argv, size_t first);

/* What every way to fill them begins with, and ends with: 0, or -1 after a message. */
void options_begin(struct options *options);
int options_check(const struct options *options);

/* A mode in which a filter of the kernel's catches what is not patched? */
bool options_trapping(const struct options *options);

/* One with a tracer? */
bool options_traced(const struct options *options);

/* One in which code comes patched from the tree's index? */
bool options_indexed(const struct options *options);

/* The value if `word` is `name` with a value ("--root=" "DIR"), or NULL. */
const char *options_value(const char *word, const char *name);

#endif
