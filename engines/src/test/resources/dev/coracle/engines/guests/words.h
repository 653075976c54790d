/* What guests say came of a call. */
#ifndef WORDS_H
#define WORDS_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline const char *word(long result)
{
	return result >= 0 ? "worked" : strerror(errno);
}

/* Whether paths lead into the tree, and nowhere else, after whatever the guest has just done. */
static inline const char *paths(void)
{
	int file = open("/etc/passwd", O_RDONLY);
	int wrong = open(getenv("HOST_ONLY"), O_RDONLY);

	close(file);
	return wrong >= 0 ? "LEAKED" : file >= 0 ? "fine" : strerror(errno);
}

#endif
