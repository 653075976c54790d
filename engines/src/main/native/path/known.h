#ifndef CORACLE_PATH_KNOWN_H
#define CORACLE_PATH_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Directories that were resolved before: the text that a guest wrote, and the canonical guest path
 * that it led to. A path is a directory and a name, so most walks end here with one look.
 *
 * What is remembered holds as long as no symbolic link appears, goes or moves; `when` tells the
 * states of the tree apart (intercept/changes.h), and `age` bounds how long changes go unseen that
 * nobody told of. Directories that come and go do not matter: the kernel looks at each name again.
 */
enum { KNOWN_COUNT = 128, KNOWN_BYTES = 176 };

/* The moment for which something is asked or remembered. */
struct known_moment {
	unsigned long when;
	unsigned view;		/* tells apart what guests of the tree have bound over it */
	unsigned long age;	/* now, in ticks of any clock */
	unsigned long age_most; /* ticks */
};

struct known_entry {
	unsigned version; /* odd while it is written */
	unsigned hash;
	unsigned short text_length;
	unsigned short guest_length;
	unsigned links; /* symbolic links on the way */
	unsigned view;
	unsigned long when;
	unsigned long age;
	char text[KNOWN_BYTES];
	char guest[KNOWN_BYTES];
};

/*
 * Shared by all processes of a tree, any of which may be killed at any moment. It needs no lock and
 * is all zero at first.
 */
struct known {
	struct known_entry entries[KNOWN_COUNT];
};

/* Puts the canonical path of the directory `text` into `guest`. False when it is not known. */
bool known_find(const struct known *known, const char *text, size_t length,
	const struct known_moment *moment, struct text *guest, unsigned *links);

/* Remembers; another one makes room. What is too long is not remembered. */
void known_add(struct known *known, const char *text, size_t length,
	const struct known_moment *moment, const struct text *guest, unsigned links);

#endif
