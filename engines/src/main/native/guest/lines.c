#include "guest/lines.h"

#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"

struct lines lines_of(int file, char *bytes, size_t room)
{
	return (struct lines){.file = file, .bytes = bytes, .room = room};
}

/* Where the line that starts at `start` ends, or `filled`. */
static size_t find_end(const struct lines *lines)
{
	size_t at = lines->start;

	while (at < lines->filled && lines->bytes[at] != '\n')
		at++;
	return at;
}

/* Moves what is left to the front and reads behind it, leaving room for a NUL. */
static long fill(struct lines *lines)
{
	long got;

	memmove(lines->bytes, lines->bytes + lines->start, lines->filled - lines->start);
	lines->filled -= lines->start;
	lines->start = 0;
	got = sys_pread(lines->file, lines->bytes + lines->filled, lines->room - 1 - lines->filled,
		lines->offset);
	if (got < 0)
		return got;
	lines->ended = got == 0;
	lines->offset += got;
	lines->filled += (size_t)got;
	return 0;
}

long lines_next(struct lines *lines, char **line, size_t *length)
{
	size_t end = find_end(lines);
	bool whole;

	while (end == lines->filled && !lines->ended &&
		lines->filled - lines->start < lines->room - 1) {
		long error = fill(lines);

		if (error < 0)
			return error;
		end = find_end(lines);
	}
	whole = end < lines->filled;
	if (end == lines->start && !whole)
		return 0;
	*line = lines->bytes + lines->start;
	*length = end - lines->start;
	lines->bytes[end] = '\0';
	lines->start = whole ? end + 1 : end;
	return 1;
}
