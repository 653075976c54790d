#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "guest/owners.h"
#include "guest/owners_format.h"
#include "path/view.h"

/* A new table is written aside and renamed, so that nobody ever sees half of one. */

static long write_whole(int file, const struct owners_tree *tree)
{
	unsigned char block[4096];
	struct owners_header first = {
		.version = OWNERS_VERSION,
		.tree_inode = tree->inode,
		.tree_birth = tree->birth,
		.used = 1,
		.user = tree->user,
		.group = tree->group,
	};
	long error = 0;

	memset(block, 0, sizeof(block));
	for (long at = sizeof(block); at < OWNERS_RECORDS_AT && error >= 0;
		at += (long)sizeof(block))
		error = sys_pwrite(file, block, sizeof(block), at);
	memcpy(first.mark, OWNERS_MARK, sizeof(first.mark));
	memcpy(block, &first, sizeof(first));
	return error < 0 ? error : sys_pwrite(file, block, sizeof(block), 0);
}

/* `flags` as renameat2(2) has them: two runs that begin at once must end up with one table. */
static long make(const char *path, const struct owners_tree *tree, unsigned flags)
{
	static char name[PATH_HOST_BYTES];
	struct text aside = text_in(name, sizeof(name));
	long file;
	long error;

	text_add(&aside, path);
	text_add(&aside, ".");
	text_add_number(&aside, sys_getpid());
	if (aside.overflow)
		return -ENAMETOOLONG;
	file = sys_openat(
		AT_FDCWD, aside.at, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (file < 0)
		return file;
	error = write_whole((int)file, tree);
	sys_close((int)file);
	if (error >= 0)
		error = sys_renameat2(AT_FDCWD, aside.at, path, flags);
	if (error == -EINVAL)
		error = sys_renameat2(AT_FDCWD, aside.at, path, 0);
	if (error < 0)
		(void)sys_unlinkat(AT_FDCWD, aside.at, 0);
	return error < 0 ? error : 0;
}

/* Is this the table of that tree? One whose directory was copied is not: its numbers are others. */
static bool belongs(int file, const struct owners_tree *tree)
{
	struct owners_header found;
	long length = sys_pread(file, &found, sizeof(found), 0);

	/* Of a later version, or something else: owners_open() says so. */
	if (length != (long)sizeof(found) || found.version != OWNERS_VERSION)
		return true;
	return found.tree_inode == tree->inode && found.tree_birth == tree->birth;
}

long owners_create(const char *path, const struct owners_tree *tree)
{
	long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long error = 0;

	if (file == -ENOENT)
		error = make(path, tree, RENAME_NOREPLACE);
	else if (file >= 0 && !belongs((int)file, tree))
		error = make(path, tree, 0);
	if (file >= 0)
		sys_close((int)file);
	return error < 0 && error != -EEXIST ? error : owners_open(path);
}
