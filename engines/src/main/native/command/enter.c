#include "command/enter.h"

#include "base/report.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/paths.h"

static long enter(struct slot *slot, const char *directory)
{
	long error = walk_path(&slot->walk, &engine.view, &paths_host, "/", directory, WALK_FOLLOW);

	return error == 0 ? sys_chdir(slot->walk.host.at) : error;
}

int enter_directory(struct slot *slot, const struct options *options)
{
	long error = enter(slot, options->directory);

	if (error < 0 && options->directory_if_there) {
		if (!options->quiet)
			report_error("the guest begins in /, for it cannot enter",
				options->directory, error);
		error = enter(slot, "/");
	}
	if (error < 0)
		report_error("cannot enter the directory", options->directory, error);
	return error < 0 ? -1 : 0;
}
