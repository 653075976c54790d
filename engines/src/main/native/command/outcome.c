#include "command/outcome.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"

/* Of the status line, and more than the longest. */
enum { STATUS_BYTES = 80 };

/* The guest may fill the disk, and how it ended has to be told all the same: empty lines keep room.
 */
static long keep_room(int file)
{
	char lines[STATUS_BYTES];
	long written;

	memset(lines, '\n', sizeof(lines));
	written = sys_pwrite(file, lines, sizeof(lines), 0);
	return written < 0 ? written : 0;
}

long outcome_open(const struct options *options)
{
	long file;
	long error;

	if (options->status == NULL)
		return -1;
	file = sys_openat(
		AT_FDCWD, options->status, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	error = file < 0 ? file : keep_room((int)file);
	if (error < 0)
		report_error("cannot write", options->status, error);
	return error < 0 ? error : file;
}

static int describe(const struct outcome *outcome, struct text *line)
{
	int signal = outcome->status & 0x7f;

	if (outcome->started != 0) {
		text_add(line, "error ");
		text_add_number(line, outcome->started);
		text_add(line, outcome->started == EXIT_NOT_FOUND ? " command not found"
			       : outcome->started == EXIT_NOT_EXECUTABLE
				       ? " command cannot be executed"
				       : " engine could not start");
		return outcome->started;
	}
	if (outcome->timed_out) {
		text_add(line, "timeout");
		return EXIT_TIMED_OUT;
	}
	if (signal != 0) {
		text_add(line, "signal ");
		text_add_number(line, signal);
		return 128 + signal;
	}
	text_add(line, "exit ");
	text_add_number(line, outcome->status >> 8 & 0xff);
	return outcome->status >> 8 & 0xff;
}

static void report_timeout(unsigned long seconds)
{
	char bytes[80];
	struct text line = text_in(bytes, sizeof(bytes));

	text_add(&line, "the command was ended after ");
	text_add_number(&line, (long)seconds);
	text_add(&line, " seconds (--timeout)");
	report(line.at);
}

int outcome_tell(const struct outcome *outcome, const struct options *options, int file)
{
	char bytes[STATUS_BYTES];
	struct text line = text_in(bytes, sizeof(bytes));
	int code = describe(outcome, &line);
	long written;

	if (outcome->timed_out)
		report_timeout(options->timeout);
	if (file < 0)
		return code;
	written = sys_pwrite(file, line.at, line.length, 0);
	if (written != (long)line.length) {
		report_error("cannot write", options->status, written < 0 ? written : -EIO);
		return EXIT_ENGINE;
	}
	return code;
}
