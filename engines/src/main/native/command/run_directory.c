#include "command/run_directory.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"

enum { ENTRY_BYTES = 2048, TRIES = 16, DEPTH_MOST = 256 };

/* struct linux_dirent64 (getdents(2)). */
struct entry {
	unsigned long inode;
	long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

long run_directory_make(const char *place, struct text *path)
{
	unsigned long number;
	long error = -EEXIST;

	for (size_t i = 0; i < TRIES && error == -EEXIST; i++) {
		if (sys_getrandom(&number, sizeof(number)) != (long)sizeof(number))
			return -EIO;
		text_clear(path);
		text_add(path, place);
		text_add(path, "/coracle-");
		text_add_hex(path, number);
		if (path->overflow)
			return -ENAMETOOLONG;
		error = sys_mkdirat(AT_FDCWD, path->at, 0700);
	}
	return error;
}

static long remove_entries(int directory, size_t depth);

static long remove_one(int directory, const char *name, size_t depth)
{
	long error = sys_unlinkat(directory, name, 0);
	long inner;

	if (error != -EISDIR && error != -EPERM)
		return error;
	/* The guest may have closed it against itself. */
	(void)sys_fchmodat(directory, name, 0700);
	inner = sys_openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (inner < 0)
		return inner;
	error = depth < DEPTH_MOST ? remove_entries((int)inner, depth + 1) : -ENAMETOOLONG;
	sys_close((int)inner);
	return error < 0 ? error : sys_unlinkat(directory, name, AT_REMOVEDIR);
}

static bool is_dots(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static long remove_entries(int directory, size_t depth)
{
	char bytes[ENTRY_BYTES] __attribute__((aligned(8)));
	long worst = 0;
	long length;

	for (length = sys_getdents64(directory, bytes, sizeof(bytes)); length > 0;
		length = sys_getdents64(directory, bytes, sizeof(bytes))) {
		for (long at = 0; at < length;) {
			const struct entry *entry = (const struct entry *)(void *)(bytes + at);
			long error = is_dots(entry->name)
					     ? 0
					     : remove_one(directory, entry->name, depth);

			worst = error < 0 ? error : worst;
			at += entry->length;
		}
	}
	return length < 0 ? length : worst;
}

void run_directory_remove(const char *path)
{
	long error = remove_one(AT_FDCWD, path, 0);

	if (error < 0 && error != -ENOENT)
		report_error("cannot remove", path, error);
}
