#include "command/changes_file.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/changes.h"
#include "path/view.h"

enum { ENTRIES_BYTES = 8192, NAME_BYTES = 64, YOUNG_SECONDS = 3600 };

/* struct linux_dirent64 (getdents(2)). */
struct entry {
	unsigned long inode;
	long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static const char prefix[] = "changes-";

/* A directory of ours in a place where anybody may make one. */
static bool is_ours(const char *path)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (status.st_mode & S_IFMT) == S_IFDIR && (status.st_mode & 077) == 0 &&
	       status.st_uid == (unsigned)sys_geteuid();
}

/* The file's name for the tree at `root`; false where there is none. */
static bool name_file(const char *root, struct text *name)
{
	struct stat status;

	text_clear(name);
	if (sys_fstatat(AT_FDCWD, root, &status, 0) < 0)
		return false;
	text_add(name, prefix);
	text_add_hex(name, (unsigned long)status.st_dev);
	text_add(name, "-");
	text_add_hex(name, (unsigned long)status.st_ino);
	return true;
}

/*
 * Is that a file of a tree that has gone, or of nobody? Not a young one: it may be just being made,
 * or its tree lie where only others see it.
 */
static bool is_left_over(int directory, const char *name, long now)
{
	char wanted_bytes[NAME_BYTES];
	char root[CHANGES_ROOT_BYTES];
	struct text wanted = text_in(wanted_bytes, sizeof(wanted_bytes));
	struct stat status;
	long file = sys_openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	long length;

	if (file < 0)
		return false;
	length = sys_fstatat((int)file, "", &status, AT_EMPTY_PATH);
	if (length == 0)
		length = sys_pread((int)file, root, sizeof(root) - 1, CHANGES_ROOT_AT);
	sys_close((int)file);
	if (length < 0)
		return false;
	root[length] = '\0';
	return now - (long)status.st_mtime > YOUNG_SECONDS &&
	       (!name_file(root, &wanted) || strcmp(wanted.at, name) != 0);
}

/* Files of trees that have gone. A tree that is there keeps its file: somebody may have mapped it.
 */
static void sweep(int directory, long now)
{
	static char bytes[ENTRIES_BYTES] __attribute__((aligned(8)));
	long length;

	while ((length = sys_getdents64(directory, bytes, sizeof(bytes))) > 0) {
		for (long at = 0; at < length;) {
			const struct entry *entry = (const struct entry *)(void *)(bytes + at);

			if (text_starts(entry->name, prefix) &&
				is_left_over(directory, entry->name, now))
				(void)sys_unlinkat(directory, entry->name, 0);
			at += entry->length;
		}
	}
}

/*
 * Every process maps it without a look at its size, so it gets that here. 1 when the tree is new to
 * us: there was no file, or one of a tree that had the same number before.
 */
static long fill(int file, const char *root, long *now)
{
	char known[CHANGES_ROOT_BYTES] = "";
	size_t length = strlen(root) + 1;
	struct stat status;
	long error = sys_fstatat(file, "", &status, AT_EMPTY_PATH);
	bool is_new = status.st_size != (long)changes_bytes;

	if (error == 0 && is_new)
		error = sys_ftruncate(file, (long)changes_bytes);
	/* With a path that is too long it is nobody's, and goes when it is old. */
	if (error == 0 && length <= sizeof(known)) {
		error = sys_pread(file, known, length, CHANGES_ROOT_AT);
		if (error >= 0 && memcmp(known, root, length) != 0) {
			is_new = true;
			error = sys_pwrite(file, root, length, CHANGES_ROOT_AT);
		}
	}
	if (error >= 0)
		error = sys_fstatat(file, "", &status, AT_EMPTY_PATH);
	*now = (long)status.st_mtime;
	return error < 0 ? error : is_new;
}

static long make(int directory, const char *name, const char *root)
{
	long now = 0;
	long file = sys_openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	long result;

	if (file < 0)
		return file;
	result = fill((int)file, root, &now);
	sys_close((int)file);
	if (result > 0)
		sweep(directory, now);
	return result;
}

void changes_file_make(const char *root, struct text *path)
{
	char name_bytes[NAME_BYTES];
	struct text name = text_in(name_bytes, sizeof(name_bytes));
	long directory;
	long error;

	text_clear(path);
	text_add(path, "/tmp/.coracle-");
	text_add_number(path, sys_geteuid());
	/* It may be there already; what counts is whose it is. */
	(void)sys_mkdirat(AT_FDCWD, path->at, 0700);
	directory = is_ours(path->at) && name_file(root, &name)
			    ? sys_openat(AT_FDCWD, path->at,
				      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
			    : -EPERM;
	error = directory < 0 ? directory : make((int)directory, name.at, root);
	if (directory >= 0)
		sys_close((int)directory);
	text_add(path, "/");
	text_add(path, name.at);
	if (error < 0 || path->overflow)
		text_clear(path);
}
