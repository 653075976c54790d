#ifndef CORACLE_PATH_STEP_H
#define CORACLE_PATH_STEP_H

#include <stdbool.h>
#include <stddef.h>

struct step {
	const char *name;
	size_t length;
	bool last;  /* nothing but slashes come after it */
	bool slash; /* and at least one does: the kernel must find a directory here */
};

static inline const char *skip_slashes(const char *at)
{
	while (*at == '/')
		at++;
	return at;
}

/* The next component of what is left, which then begins behind it; false when there is none. */
static inline bool next_step(const char **rest, struct step *step)
{
	const char *at = skip_slashes(*rest);

	if (*at == '\0')
		return false;
	step->name = at;
	while (*at != '\0' && *at != '/')
		at++;
	step->length = (size_t)(at - step->name);
	step->slash = *at == '/';
	*rest = at;
	step->last = *skip_slashes(at) == '\0';
	return true;
}

#endif
