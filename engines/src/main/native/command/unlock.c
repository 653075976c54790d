#include "command/unlock.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "guest/owners.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "path/view.h"

/* struct linux_dirent64 */
struct name {
	unsigned long inode;
	long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

enum { TYPE_LINK = 10, TYPE_DIRECTORY = 4 };

static char path_bytes[PATH_HOST_BYTES];
static struct text path;
static long worst;

/* Opens one file or directory; says whether it is a directory on the tree's file system. */
static bool unlock(void)
{
	struct place place = {.directory = AT_FDCWD, .path = path.at, .flags = AT_SYMLINK_NOFOLLOW};
	struct ownership file;
	unsigned mode;
	unsigned real;
	long error = ownership_look(&place, &file);

	if (error < 0) {
		worst = error;
		return false;
	}
	mode = file.real_mode & 07777;
	real = ownership_real_mode(file.real_mode);
	/* Others' files cannot be changed; what is remembered has been through here. */
	if ((file.real_mode & S_IFMT) != S_IFLNK && real != mode && !file.remembered) {
		error = owners_set_mode(&file.key, mode, 0);
		if (error == 0)
			error = sys_fchmodat(AT_FDCWD, path.at, real);
		if (error == -EPERM)
			owners_drop_mode(&file.key);
		else if (error < 0)
			worst = error;
	}
	return (file.real_mode & S_IFMT) == S_IFDIR && file.key.device == 0;
}

static void walk(void);

static void walk_names(const char *names, long length)
{
	size_t kept = path.length;

	for (long at = 0; at < length;) {
		const struct name *entry = (const struct name *)(const void *)(names + at);

		at += entry->length;
		if (entry->type == TYPE_LINK || strcmp(entry->name, ".") == 0 ||
			strcmp(entry->name, "..") == 0)
			continue;
		text_add(&path, "/");
		text_add(&path, entry->name);
		if (unlock())
			walk();
		text_cut(&path, kept);
	}
}

/* One level of the tree: no deeper than there are descriptors, for each holds one. */
static void walk(void)
{
	char names[2048] __attribute__((aligned(8)));
	long file =
		sys_openat(AT_FDCWD, path.at, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	long length = file;

	if (file < 0) {
		worst = file;
		return;
	}
	do {
		length = sys_getdents64((int)file, names, sizeof(names));
		walk_names(names, length);
	} while (length > 0);
	if (length < 0)
		worst = length;
	sys_close((int)file);
}

long unlock_tree(const char *root)
{
	path = text_in(path_bytes, sizeof(path_bytes));
	text_add(&path, root);
	worst = 0;
	if (unlock())
		walk();
	return path.overflow ? -ENAMETOOLONG : worst;
}
