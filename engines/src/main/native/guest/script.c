#include "guest/script.h"

#include <stdbool.h>

#include <linux/errno.h>

#include "intercept/slot.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

long script_split(char *line, size_t length, const char **interpreter, const char **argument)
{
	size_t end = 2;
	size_t at = 2;
	bool whole;

	while (end < length && line[end] != '\n' && line[end] != '\0')
		end++;
	whole = end < length || length < EXEC_LINE_BYTES;
	while (end > 2 && blank(line[end - 1]))
		end--;
	while (at < end && blank(line[at]))
		at++;
	if (at == end)
		return -ENOEXEC;
	*interpreter = line + at;
	while (at < end && !blank(line[at]))
		at++;
	/* An interpreter cut off by the end of the buffer would be another program. */
	if (at == end && !whole)
		return -ENOEXEC;
	line[end] = '\0';
	*argument = NULL;
	if (at < end) {
		line[at++] = '\0';
		while (at < end && blank(line[at]))
			at++;
		*argument = line + at;
	}
	return 0;
}
