#include "command/customise.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/emulator.h"
#include "command/run.h"
#include "guest/proc.h"
#include "intercept/engine.h"

/* Where the ports that the run is given are kept, and whether it is to be removed. */
static char learned_bytes[PATH_BYTES];
static bool learned_made;

/* An empty file, which every process of the run opens by its name from anywhere. */
static long make_learned(const struct options *options)
{
	bool given = options->run_directory != NULL;
	struct text path = text_in(learned_bytes, sizeof(learned_bytes));
	unsigned long number = 0;
	long file;
	long length;

	text_add(&path, given ? options->run_directory : options->scratch);
	if (given) {
		file = sys_mkdirat(AT_FDCWD, path.at, 0700);
		if (file < 0 && file != -EEXIST)
			return file;
		text_add(&path, "/ports");
	} else if (sys_getrandom(&number, sizeof(number)) == (long)sizeof(number)) {
		text_add(&path, "/coracle-ports-");
		text_add_hex(&path, number);
	} else {
		return -EIO;
	}
	if (path.overflow)
		return -ENAMETOOLONG;
	file = sys_openat(
		AT_FDCWD, path.at, O_RDWR | O_CREAT | O_CLOEXEC | (given ? O_TRUNC : O_EXCL), 0600);
	if (file < 0)
		return file;
	learned_made = !given;
	length = proc_read_descriptor((int)file, learned_bytes, sizeof(learned_bytes) - 1);
	sys_close((int)file);
	if (length < 0)
		return length;
	learned_bytes[length] = '\0';
	engine.custom.learned = learned_bytes;
	return 0;
}

int customise_start(const struct options *options, char **environment)
{
	long error;

	engine.custom = options->custom;
	if (options->emulator != NULL &&
		emulator_find(&engine.custom, options->emulator, environment) < 0)
		return EXIT_ENGINE;
	error = options->netcoop ? make_learned(options) : 0;
	if (error == 0)
		return 0;
	report_error("cannot keep the ports of --netcoop in", learned_bytes, error);
	return EXIT_ENGINE;
}

bool customise_stays(void)
{
	return learned_made;
}

void customise_end(void)
{
	long error = learned_made ? sys_unlinkat(AT_FDCWD, learned_bytes, 0) : 0;

	if (error < 0 && error != -ENOENT)
		report_error("cannot remove", learned_bytes, error);
}
