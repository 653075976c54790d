#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/builder.h"
#include "path/view.h"

/* Goes through a tree without following a link or leaving its file system. */

enum {
	DEPTH_MOST = 200,
	ENTRIES_BYTES = 4096,
	TYPE_UNKNOWN = 0,
	TYPE_DIRECTORY = 4,
	TYPE_FILE = 8
};

/* As getdents64(2) fills it. */
struct directory_entry {
	unsigned long long inode;
	long long next;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* Where the walk is: each directory is open on the way down. */
struct walker {
	struct builder *builder;
	struct text name;
	unsigned depth;
};

static long add_directory(struct walker *walker, int directory);

static bool is_special(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static unsigned type_of(int directory, const struct directory_entry *entry)
{
	struct stat status;

	if (entry->type != TYPE_UNKNOWN)
		return entry->type;
	if (sys_fstatat(directory, entry->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return TYPE_UNKNOWN;
	return (status.st_mode & S_IFMT) >> 12;
}

/* What cannot be opened cannot be indexed either: it is left to F1. */
static long add_entry(struct walker *walker, int directory, const struct directory_entry *entry)
{
	unsigned type = type_of(directory, entry);
	int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	size_t length = walker->name.length;
	long file;
	long error = 0;

	if (is_special(entry->name) || (type != TYPE_FILE && type != TYPE_DIRECTORY))
		return 0;
	file = sys_openat(
		directory, entry->name, type == TYPE_DIRECTORY ? flags | O_DIRECTORY : flags, 0);
	if (file < 0)
		return 0;
	text_add(&walker->name, "/");
	text_add(&walker->name, entry->name);
	if (type == TYPE_DIRECTORY) {
		error = add_directory(walker, (int)file);
	} else {
		if (!walker->name.overflow)
			error = builder_add_file(walker->builder, (int)file, walker->name.at);
		sys_close((int)file);
	}
	text_cut(&walker->name, length);
	walker->name.overflow = false;
	return error;
}

static bool is_inside(const struct walker *walker, int directory)
{
	struct stat status;

	return walker->depth < DEPTH_MOST &&
	       sys_fstatat(directory, "", &status, AT_EMPTY_PATH) == 0 &&
	       status.st_dev == walker->builder->device;
}

static long add_directory(struct walker *walker, int directory)
{
	char entries[ENTRIES_BYTES] __attribute__((aligned(8)));
	long length = 0;
	long error = 0;

	if (is_inside(walker, directory))
		length = sys_getdents64(directory, entries, sizeof(entries));
	walker->depth++;
	while (length > 0 && error == 0) {
		for (long at = 0; at < length && error == 0;) {
			const struct directory_entry *entry =
				(const struct directory_entry *)(const void *)(entries + at);

			error = add_entry(walker, directory, entry);
			at += entry->length;
		}
		if (error == 0)
			length = sys_getdents64(directory, entries, sizeof(entries));
	}
	walker->depth--;
	sys_close(directory);
	return error;
}

long builder_add_directory(struct builder *builder, int directory)
{
	char name[PATH_BYTES];
	struct walker walker = {.builder = builder, .name = text_in(name, sizeof(name))};

	return add_directory(&walker, directory);
}
