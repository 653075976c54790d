#include "intercept/program.h"

#include <stdbool.h>

#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "path/view.h"

static const char always[] = "/proc/self/exe";

/* Kept for good: the engine's state points to it. */
static char path_bytes[PATH_BYTES];

static bool is_same(const struct own_program *program, const struct stat *status)
{
	return status->st_dev == program->device && status->st_ino == program->inode &&
	       (unsigned long)status->st_ctime == program->changed &&
	       (unsigned long)status->st_ctime_nsec == program->changed_nanos;
}

void program_find(struct own_program *program)
{
	struct stat status;
	long length = sys_readlinkat(AT_FDCWD, always, path_bytes, sizeof(path_bytes) - 1);

	program->path = "";
	if (length < 0 || sys_fstatat(AT_FDCWD, always, &status, 0) < 0)
		return;
	path_bytes[length] = '\0';
	program->path = path_bytes;
	program->device = status.st_dev;
	program->inode = status.st_ino;
	program->changed = (unsigned long)status.st_ctime;
	program->changed_nanos = (unsigned long)status.st_ctime_nsec;
}

const char *program_path(const struct own_program *program)
{
	struct stat status;

	if (program->path == NULL || program->path[0] != '/' ||
		sys_fstatat(AT_FDCWD, program->path, &status, 0) < 0 || !is_same(program, &status))
		return always;
	return program->path;
}
