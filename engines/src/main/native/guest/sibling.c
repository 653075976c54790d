#include "guest/sibling.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/state.h"
#include "path/view.h"

enum { WINDOW_BYTES = PATH_BYTES + 1024 };

/* Where a variable with the mark begins among `length` bytes, or `length`. */
static size_t find_mark(const char *bytes, size_t length, bool at_start)
{
	size_t mark = strlen(STATE_MARK);

	for (size_t i = 0; i + mark <= length; i++) {
		bool begins = i == 0 ? at_start : bytes[i - 1] == '\0';

		if (begins && memcmp(bytes + i, STATE_MARK, mark) == 0)
			return i;
	}
	return length;
}

/* Reads "CORACLE_ENGINE=RUN:LENGTH:PATH" of which all bytes up to `length` are there. */
static long read_exe(const char *bytes, size_t length, struct text *exe)
{
	size_t at = strlen(STATE_MARK);
	unsigned long size;
	size_t digits;

	while (at < length && bytes[at] != ':')
		at++;
	if (at + 24 > length)
		return -ENOENT;
	digits = text_read_number(bytes + at + 1, &size);
	at += 1 + digits + 1;
	if (digits == 0 || at > length || size > length - at)
		return -ENOENT;
	text_add_bytes(exe, bytes + at, size);
	return exe->overflow ? -ENAMETOOLONG : (long)size;
}

static long search(int file, struct text *exe)
{
	char window[WINDOW_BYTES];
	long offset = 0;

	for (;;) {
		long length = sys_pread(file, window, sizeof(window), offset);
		size_t mark;

		if (length <= 0)
			return length < 0 ? length : -ENOENT;
		mark = find_mark(window, (size_t)length, offset == 0);
		if (mark < (size_t)length) {
			/* Once more from there, so that all of it is in the window. */
			length = sys_pread(file, window, sizeof(window), offset + (long)mark);
			return length < 0 ? length : read_exe(window, (size_t)length, exe);
		}
		if (length < (long)sizeof(window))
			return -ENOENT;
		/* The mark, with the NUL before it, may lie across the end of the window. */
		offset += length - (long)strlen(STATE_MARK) - 1;
	}
}

long sibling_exe(unsigned long process, struct text *exe)
{
	char name[64];
	struct text path = text_in(name, sizeof(name));
	long file;
	long result;

	text_add(&path, "/proc/");
	text_add_number(&path, (long)process);
	text_add(&path, "/environ");
	file = sys_openat(AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0)
		return file;
	result = search((int)file, exe);
	sys_close((int)file);
	return result;
}
