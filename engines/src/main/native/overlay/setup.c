#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/engine.h"
#include "overlay/overlay.h"
#include "overlay/upper.h"

/* Host paths of the layers; filled once, before there is a guest. */
static char kept_bytes[(VIEW_LAYERS_MOST + 1) * 512];
static size_t kept;

/* A directory's path without any symbolic link in it, and its device. */
static long take_directory(const char *path, const char **real, unsigned long *device)
{
	long directory = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	size_t room = sizeof(kept_bytes) - kept;
	struct stat status;
	long length;

	if (directory < 0)
		return directory;
	length = proc_read_descriptor((int)directory, kept_bytes + kept, room);
	if (length >= 0 && sys_fstatat((int)directory, "", &status, AT_EMPTY_PATH) == 0)
		*device = status.st_dev;
	sys_close((int)directory);
	if (length < 0)
		return length;
	if ((size_t)length >= room)
		return -ENAMETOOLONG;
	*real = kept_bytes + kept;
	kept_bytes[kept + (size_t)length] = '\0';
	kept += (size_t)length + 1;
	return 0;
}

static bool is_within(const char *outer, const char *inner)
{
	size_t length = strlen(outer);

	return strncmp(outer, inner, length) == 0 &&
	       (length == 1 || inner[length] == '/' || inner[length] == '\0');
}

long overlay_set_up(const char *upper, const char *const *lowers, size_t count)
{
	const char *real = "";
	unsigned long device = 0;
	long error = files_mkdir(AT_FDCWD, upper, 0755);
	bool made = error == 0;

	if (error < 0 && error != -EEXIST)
		return error;
	error = take_directory(upper, &real, &device);
	if (error < 0)
		return error;
	view_set_root(&engine.view, real);
	engine.view.device = device;
	engine.view.upper = true;
	for (size_t i = 0; i < count && error == 0; i++) {
		error = take_directory(lowers[i], &real, &device);
		/* What is written to the one would appear in the other. */
		if (error == 0 &&
			(is_within(real, engine.view.root) || is_within(engine.view.root, real)))
			error = -ELOOP;
		if (error == 0)
			error = view_add_layer(&engine.view, real, device);
	}
	if (error == 0)
		error = upper_prepare(engine.view.root);
	else if (made)
		files_unlink(AT_FDCWD, upper, AT_REMOVEDIR);
	return error;
}
