#include "command/attach.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/report.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/engine.h"

/* Kept for good: engine.index points to it. */
static char index_bytes[PATH_HOST_BYTES];

void index_path(struct text *path, const char *root, const char *given, bool all)
{
	text_add(path, given != NULL ? given : root);
	if (given == NULL)
		text_add(path, all ? INDEX_SUFFIX_ALL : INDEX_SUFFIX);
}

void index_complain(const char *path, long error)
{
	bool known = error == -ENOENT || error == -ESTALE || error == -EILSEQ || error == -EXDEV;

	static char line[PATH_HOST_BYTES + 256];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, error == -ENOENT ? "there is no index at " : "cannot use the index ");
	text_add(&text, path);
	if (error == -ESTALE)
		text_add(&text, ": it is of another build of the engine");
	else if (error == -EILSEQ)
		text_add(&text, ": it is damaged");
	else if (error == -EXDEV)
		text_add(&text, ": it is of another tree");
	if (!known) {
		text_add(&text, ": ");
		text_add_error(&text, error);
	}
	text_add(&text, "; make it with coracle-engine index TREE, or use --mode=F1");
	report(text.at);
}

/* Programs of the guest look for it from any directory, so its path must be absolute. */
static long make_absolute(struct text *path)
{
	char real[PATH_BYTES];
	long file = sys_openat(AT_FDCWD, path->at, O_PATH | O_CLOEXEC, 0);
	long length;

	if (file < 0)
		return file;
	length = proc_read_descriptor((int)file, real, sizeof(real));
	sys_close((int)file);
	if (length < 0)
		return length;
	text_clear(path);
	text_add_bytes(path, real, (size_t)length);
	return 0;
}

/* The index's path is left in `index_bytes` in any case. */
long index_try(const char *root, const char *given, bool all)
{
	struct text path = text_in(index_bytes, sizeof(index_bytes));
	struct stat status;
	long error;

	index_path(&path, root, given, all);
	error = path.overflow ? -ENAMETOOLONG : index_check(path.at, &engine.index);
	if (error == 0)
		error = make_absolute(&path);
	if (error == 0)
		error = sys_fstatat(AT_FDCWD, root, &status, 0);
	/* A copy of a tree has a root of its own, and files of its own. */
	if (error == 0 && status.st_ino != engine.index.tree)
		error = -EXDEV;
	if (error < 0) {
		engine.index = (struct index_identity){.path = NULL};
		return error;
	}
	engine.index.path = path.at;
	engine.index.tree_device = status.st_dev;
	return 0;
}

int index_attach(const char *root, const char *given, bool all)
{
	long error = index_try(root, given, all);

	if (error < 0)
		index_complain(index_bytes, error);
	return error < 0 ? -1 : 0;
}
