#include "rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[8192];
static size_t length;

void note_clear(void)
{
	length = 0;
	text[0] = '\0';
}

void note(const char *format, ...)
{
	va_list list;
	int added;

	va_start(list, format);
	added = vsnprintf(text + length, sizeof(text) - length, format, list);
	va_end(list);
	if (added > 0 && length + (size_t)added < sizeof(text))
		length += (size_t)added;
}

const char *note_text(void)
{
	return text;
}

long raw(long result)
{
	return result < 0 ? -(long)errno : result;
}

static const struct {
	int number;
	const char *name;
} errors[] = {{EPERM, "EPERM"}, {ENOENT, "ENOENT"}, {EBADF, "EBADF"}, {EACCES, "EACCES"}, {EFAULT, "EFAULT"},
	{EBUSY, "EBUSY"}, {EEXIST, "EEXIST"}, {EXDEV, "EXDEV"}, {ENODEV, "ENODEV"}, {ENOTDIR, "ENOTDIR"},
	{EISDIR, "EISDIR"}, {EINVAL, "EINVAL"}, {ENFILE, "ENFILE"}, {EMFILE, "EMFILE"}, {ENOTTY, "ENOTTY"},
	{ETXTBSY, "ETXTBSY"}, {EFBIG, "EFBIG"}, {ENOSPC, "ENOSPC"}, {EROFS, "EROFS"}, {EMLINK, "EMLINK"},
	{ERANGE, "ERANGE"}, {ENAMETOOLONG, "ENAMETOOLONG"}, {ENOSYS, "ENOSYS"}, {ENOTEMPTY, "ENOTEMPTY"},
	{ELOOP, "ELOOP"}, {ENODATA, "ENODATA"}, {EOVERFLOW, "EOVERFLOW"}, {ENOTBLK, "ENOTBLK"}, {E2BIG, "E2BIG"},
	{EOPNOTSUPP, "EOPNOTSUPP"}, {ENXIO, "ENXIO"}, {ENOEXEC, "ENOEXEC"}, {EAGAIN, "EAGAIN"}, {ESRCH, "ESRCH"},
	{EINTR, "EINTR"}, {ECHILD, "ECHILD"}, {ENOMEM, "ENOMEM"}, {ESTALE, "ESTALE"}};

const char *error_name(long error)
{
	static char other[32];

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].number == -error)
			return errors[i].name;
	}
	snprintf(other, sizeof(other), "errno %ld", -error);
	return other;
}
