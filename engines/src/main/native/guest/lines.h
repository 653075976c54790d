#ifndef CORACLE_GUEST_LINES_H
#define CORACLE_GUEST_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file line by line through a buffer of the caller's. */
struct lines {
	int file;
	long offset; /* in the file, of what comes next into the buffer */
	char *bytes;
	size_t room;
	size_t start; /* of what has not been given out yet */
	size_t filled;
	bool ended;
};

struct lines lines_of(int file, char *bytes, size_t room);

/*
 * The next line, without its end and with a NUL there: 1, 0 when there is none, or -errno of the
 * read. A line that is longer than the buffer comes in pieces.
 */
long lines_next(struct lines *lines, char **line, size_t *length);

#endif
