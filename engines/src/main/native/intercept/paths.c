#include "intercept/paths.h"

#include <linux/errno.h>
#include <linux/fanotify.h>
#include <linux/fcntl.h>
#include <linux/inotify.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/guarded.h"
#include "guest/devices.h"
#include "guest/proc.h"
#include "intercept/changes.h"
#include "intercept/engine.h"
#include "intercept/removed.h"
#include "intercept/trace.h"
#include "path/known.h"
#include "path/last.h"
#include "ticks.h"

static long read_link(const char *host, char *buffer, size_t size)
{
	return sys_readlinkat(AT_FDCWD, host, buffer, size);
}

const struct walk_host paths_host = {.read_link = read_link,
	.read_magic_link = proc_magic_link,
	.read_missing_link = devices_missing_link};

long paths_read(struct slot *slot, unsigned long address)
{
	long length = guarded_copy_string(slot->path, (const char *)address, sizeof(slot->path));

	return length == (long)sizeof(slot->path) ? -ENAMETOOLONG : length;
}

/* What the kernel says behind the path of a directory that has been removed. */
static const char deleted_mark[] = " (deleted)";

static bool is_deleted(int directory, const char *host, size_t length)
{
	size_t mark = sizeof(deleted_mark) - 1;
	struct stat status;

	if (length <= mark || strcmp(host + length - mark, deleted_mark) != 0)
		return false;
	/* A name may just end so. */
	if (directory == AT_FDCWD)
		return sys_fstatat(AT_FDCWD, ".", &status, 0) < 0 || status.st_nlink == 0;
	return sys_fstatat(directory, "", &status, AT_EMPTY_PATH) < 0 || status.st_nlink == 0;
}

static long read_base(int directory, char *host, size_t size)
{
	long length;

	if (directory == AT_FDCWD) {
		/* getcwd(2) says only that it is gone, not where it was. */
		length = sys_getcwd(host, size);
		if (length != -ENOENT)
			return length > 0 ? length - 1 : length;
		return sys_readlinkat(AT_FDCWD, "/proc/self/cwd", host, size);
	}
	length = proc_read_descriptor(directory, host, size);
	return length == -ENOENT ? -EBADF : length;
}

/* Like paths_base(), and tells where a removed directory was. */
static long find_base(int directory, struct text *base, bool *deleted)
{
	char host[PATH_BYTES];
	long length = read_base(directory, host, sizeof(host) - 1);

	if (length < 0)
		return length;
	host[length] = '\0';
	if (host[0] != '/')
		return -ENOTDIR;
	*deleted = is_deleted(directory, host, (size_t)length);
	if (*deleted)
		length -= (long)sizeof(deleted_mark) - 1;
	return view_to_guest(&engine.view, host, (size_t)length, base);
}

long paths_base(int directory, struct text *base)
{
	bool deleted = false;
	long error = find_base(directory, base, &deleted);

	return error == 0 && deleted ? -ENOENT : error;
}

/* The place of the last name in an absolute path. */
struct split {
	size_t directory; /* bytes before the name, with the slash */
	size_t name;	  /* bytes of the name */
	bool plain;	  /* there is a name, and it is neither "." nor ".." */
	bool slash;	  /* a slash follows the name */
};

static bool is_dots(const char *name, size_t length)
{
	return name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'));
}

static struct split split_path(const char *path)
{
	size_t end = strlen(path);
	struct split split = {.slash = end > 0 && path[end - 1] == '/'};

	while (end > 0 && path[end - 1] == '/')
		end--;
	split.directory = end;
	while (split.directory > 0 && path[split.directory - 1] != '/')
		split.directory--;
	split.name = end - split.directory;
	split.plain = split.directory > 0 && split.name > 0 &&
		      !is_dots(path + split.directory, split.name);
	return split;
}

/* Is "." or ".." among the names of a path that ends in a slash? */
static bool has_dots(const char *path, size_t length)
{
	size_t start = 0;

	for (size_t at = 0; at < length; at++) {
		if (path[at] != '/')
			continue;
		if (at > start && is_dots(path + start, at - start))
			return true;
		start = at + 1;
	}
	return false;
}

/* A number for what is bound where; another guest of the same tree may find something else. */
static unsigned view_mark(void)
{
	static unsigned mark;

	if (mark == 0)
		mark = view_hash(&engine.view) | 1;
	return mark;
}

/* What a look for a name may come to, besides 0 and -errno. */
enum {
	NAME_FOLLOWED = 1, /* it was a link, and slot->path has become what it says */
	NAME_ODD,	   /* there is ".." on the way, which only a walk understands */
};

/* Finds the directory part of slot->path, as it was found before or by a walk. */
static long find_directory(
	struct slot *slot, size_t length, struct text *base, struct walk_start *start)
{
	struct known *known = changes_known();
	struct known_moment moment = {.when = slot->links_state,
		.view = view_mark(),
		.age = slot->now,
		.age_most = MACHINE_TICKS_SHORT};
	char name = slot->path[length];
	long error;

	start->base = base->at;
	start->links = 0;
	if (length == 1) {
		text_add(base, "/");
		return 0;
	}
	if (known_find(known, slot->path, length, &moment, base, &start->links))
		return 0;
	if (has_dots(slot->path, length))
		return NAME_ODD;
	slot->path[length] = '\0';
	error = walk_path(&slot->walk, &engine.view, &paths_host, "/", slot->path, WALK_FOLLOW);
	/* Nothing has a name in it any more. */
	if (error == 0 && slot->walk.removed)
		error = -ENOENT;
	/* What /proc says depends on who asks. */
	if (error == 0 && !slot->walk.through_proc)
		known_add(known, slot->path, length, &moment, &slot->walk.guest, slot->walk.links);
	slot->path[length] = name;
	if (error < 0)
		return error;
	text_add_bytes(base, slot->walk.guest.at, slot->walk.guest.length);
	start->links = slot->walk.links;
	return 0;
}

/*
 * The name at the end of slot->path is a link, or not. Only for what lies neither in /proc nor on a
 * mount point.
 */
static long follow_name(struct slot *slot, const struct text *base)
{
	struct walk *walk = &slot->walk;
	struct text path = text_in(slot->path, sizeof(slot->path));
	long length =
		sys_readlinkat(AT_FDCWD, walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));

	if (length == -EINVAL || length == -ENOENT)
		return 0;
	if (length <= 0)
		return length < 0 ? length : -ENOENT;
	if (walk->link_bytes[0] != '/') {
		text_add_bytes(&path, base->at, base->length);
		text_add(&path, "/");
	}
	text_add_bytes(&path, walk->link_bytes, (size_t)length);
	return path.overflow ? -ENAMETOOLONG : NAME_FOLLOWED;
}

static bool is_ordinary(const struct walk *walk)
{
	/* Some links of /dev are there although the host has none. */
	return !walk->through_proc && walk->mask != 0 && !text_starts(walk->guest.at, "/dev/") &&
	       !view_is_mount_point(&engine.view, walk->guest.at, walk->guest.length);
}

/* One more step, by the texts alone where they say enough. */
static long step_to(struct slot *slot, const struct split *split, const struct walk_start *start,
	const struct text *base, enum walk_end end)
{
	struct last_name last = {.directory = base,
		.links = start->links,
		.name = slot->path + split->directory,
		.length = split->name,
		.slash = split->slash};
	bool follows = end == WALK_FOLLOW || (end == WALK_LINK && split->slash);

	if (!follows && last_find(&slot->walk, &engine.view, &last))
		return 0;
	return walk_on(&slot->walk, &engine.view, &paths_host, start, last.name, end);
}

/* The name at the end of slot->path, in the directory before it. */
static long walk_name(
	struct slot *slot, const struct split *split, unsigned links, enum walk_end end)
{
	struct text base = text_in(slot->bytes, sizeof(slot->bytes));
	struct walk_start start;
	long error = find_directory(slot, split->directory, &base, &start);

	if (error != 0)
		return error;
	start.links += links;
	if (end != WALK_FOLLOW || split->slash)
		return step_to(slot, split, &start, &base, end);
	error = step_to(slot, split, &start, &base, WALK_LINK);
	if (error < 0)
		return error;
	if (is_ordinary(&slot->walk))
		return follow_name(slot, &base);
	return step_to(slot, split, &start, &base, end);
}

/* With every directory looked up at once; a link at the end leads to another such path. */
static long walk_absolute(struct slot *slot, enum walk_end end)
{
	struct walk_start start = {.base = "/"};
	struct split split = split_path(slot->path);
	long error;

	/* What is odd takes the whole way. */
	while (split.plain && slot->steady) {
		error = walk_name(slot, &split, start.links, end);
		if (error == NAME_ODD)
			break;
		if (error != NAME_FOLLOWED)
			return error;
		start.links = slot->walk.links + 1;
		if (start.links > PATH_LINKS_MOST)
			return -ELOOP;
		split = split_path(slot->path);
	}
	return walk_on(&slot->walk, &engine.view, &paths_host, &start, slot->path, end);
}

/* Only ".." and "." would find anything in what is no directory, by its text alone. */
static bool is_no_directory(int directory, const char *path)
{
	struct stat status;

	return directory != AT_FDCWD && path[0] == '.' &&
	       sys_fstatat(directory, "", &status, AT_EMPTY_PATH) == 0 &&
	       (status.st_mode & S_IFMT) != S_IFDIR;
}

/* What openat2(2) asks for concerns every step, also of what was found before. */
static bool has_limits(const struct walk_limits *limits)
{
	return limits->no_links || limits->no_magic_links || limits->no_crossing ||
	       limits->beneath || limits->in_root;
}

static long walk_from(struct slot *slot, int directory, enum walk_end end)
{
	struct text base;
	const char *path = slot->path;
	bool deleted = false;
	long error;

	slot->steady = changes_steady(&slot->links_state);
	slot->now = machine_ticks();
	if (path[0] == '/' && !has_limits(&slot->walk.limits))
		return walk_absolute(slot, end);
	if (path[0] == '/' && !slot->walk.limits.in_root)
		return walk_path(&slot->walk, &engine.view, &paths_host, "/", path, end);
	if (is_no_directory(directory, path))
		return -ENOTDIR;
	base = text_in(slot->bytes, sizeof(slot->bytes));
	error = find_base(directory, &base, &deleted);
	if (error < 0)
		return error;
	if (deleted && (slot->walk.limits.beneath || slot->walk.limits.in_root))
		return -ESTALE;
	if (deleted) {
		error = removed_leave(slot, directory, &base, &path);
		if (error <= 0)
			return error;
	}
	return walk_path(&slot->walk, &engine.view, &paths_host, base.at, path, end);
}

long paths_walk(struct slot *slot, int directory, enum walk_end end)
{
	long error = walk_from(slot, directory, end);

	if (error == 0 && trace_on())
		trace_place(slot);
	return error;
}

bool paths_stay(const struct slot *slot, enum walk_end end)
{
	const char *path = slot->path;
	size_t length;

	/* A trace has to say where every name lies. */
	if (trace_on())
		return false;
	if (path[0] == '/')
		return false;
	if (strcmp(path, ".") == 0)
		return true;
	/* In an overlay the directory that the kernel knows is only a part of what is there. */
	if (engine.view.upper)
		return false;
	length = strlen(path);
	if (end == WALK_FOLLOW || length > PATH_NAME_MOST || strcmp(path, "..") == 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (path[i] == '/')
			return false;
	}
	/* Something may be mounted there, or /proc may answer under that name. */
	return !view_has_mount_named(&engine.view, path, length);
}
