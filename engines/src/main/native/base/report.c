#include "base/report.h"

#include <linux/errno.h>

#include "base/sys.h"

enum { LINE_BYTES = 4608 };

void report(const char *message)
{
	char line[LINE_BYTES];
	struct text text = text_in(line, sizeof(line) - 1);

	text_add(&text, "coracle-engine: ");
	text_add(&text, message);
	text.at[text.length] = '\n';
	/* There is nowhere left to report a failure to report. */
	(void)sys_write(2, text.at, text.length + 1);
}

struct error_name {
	int error;
	char words[40];
};

static const struct error_name names[] = {
	{ENOENT, "no such file or directory"},
	{EACCES, "permission denied"},
	{EPERM, "operation not permitted"},
	{ENOTDIR, "not a directory"},
	{EISDIR, "is a directory"},
	{ELOOP, "too many symbolic links"},
	{ENOEXEC, "not a program of this machine"},
	{ENAMETOOLONG, "path too long"},
	{ENOMEM, "not enough memory"},
	{E2BIG, "arguments and environment too long"},
	{EINVAL, "invalid argument"},
	{EEXIST, "already exists"},
	{EIO, "input/output error"},
	{EMFILE, "too many open files"},
	{ETXTBSY, "file is being written"},
	{EFAULT, "bad address"},
	{ENOSYS, "not known to this kernel"},
};

void text_add_error(struct text *text, long error)
{
	int wanted = (int)(error < 0 ? -error : error);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].error == wanted) {
			text_add(text, names[i].words);
			return;
		}
	}
	text_add(text, "errno ");
	text_add_number(text, wanted);
}

void report_error(const char *what, const char *subject, long error)
{
	char line[LINE_BYTES - 64];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, what);
	if (subject[0] != '\0') {
		text_add(&text, " ");
		text_add(&text, subject);
	}
	text_add(&text, ": ");
	text_add_error(&text, error);
	report(text.at);
}
