#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/builder.h"
#include "overlay/names.h"
#include "path/view.h"

/*
 * Goes through a tree without following a link or leaving its file system, in an order that depends
 * on nothing but the names: an index that travels has the same bytes wherever it is made.
 */

enum {
	DEPTH_MOST = 200,
	ENTRIES_BYTES = 4096,
	NAME_BYTES = 256, /* NAME_MAX and its end */
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

static unsigned type_of(int directory, const char *name, unsigned type)
{
	struct stat status;

	if (type != TYPE_UNKNOWN)
		return type;
	if (sys_fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return TYPE_UNKNOWN;
	return (status.st_mode & S_IFMT) >> 12;
}

/* What cannot be opened cannot be indexed either: it is left to F1. */
static long add_entry(struct walker *walker, int directory, const char *name, unsigned known)
{
	unsigned type = type_of(directory, name, known);
	int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	size_t length = walker->name.length;
	long file;
	long error = 0;

	if (type != TYPE_FILE && type != TYPE_DIRECTORY)
		return 0;
	file = sys_openat(directory, name, type == TYPE_DIRECTORY ? flags | O_DIRECTORY : flags, 0);
	if (file < 0)
		return 0;
	text_add(&walker->name, "/");
	text_add(&walker->name, name);
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

static long read_names(int directory, struct names *names)
{
	char entries[ENTRIES_BYTES] __attribute__((aligned(8)));
	long length = sys_getdents64(directory, entries, sizeof(entries));

	while (length > 0) {
		for (long at = 0; at < length;) {
			const struct directory_entry *entry =
				(const struct directory_entry *)(const void *)(entries + at);
			long error = is_special(entry->name)
					     ? 0
					     : names_add(names, entry->name, entry->inode,
						       entry->type, 0, false);

			if (error < 0)
				return error;
			at += entry->length;
		}
		length = sys_getdents64(directory, entries, sizeof(entries));
	}
	return length;
}

static long add_directory(struct walker *walker, int directory)
{
	struct names names = {.count = 0};
	long error = is_inside(walker, directory) ? read_names(directory, &names) : 0;

	names_settle(&names);
	walker->depth++;
	for (size_t i = 0; i < names.count && error == 0; i++) {
		const struct names_entry *entry = &names.entries[i];
		char name[NAME_BYTES];

		memcpy(name, names.bytes + entry->name, entry->length);
		name[entry->length] = '\0';
		error = add_entry(walker, directory, name, entry->type);
	}
	walker->depth--;
	names_free(&names);
	sys_close(directory);
	return error;
}

long builder_add_directory(struct builder *builder, int directory)
{
	char name[PATH_BYTES];
	struct walker walker = {.builder = builder, .name = text_in(name, sizeof(name))};

	return add_directory(&walker, directory);
}
