#include "intercept/removed.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "intercept/engine.h"

/* The path behind all "." that it begins with. */
static const char *behind_dots(const char *path)
{
	while (path[0] == '.' && (path[1] == '/' || path[1] == '\0')) {
		path++;
		while (*path == '/')
			path++;
	}
	return path;
}

/* A removed directory itself, which was at `base`: only the kernel can name it. */
static long stay_in_deleted(struct slot *slot, int directory, const struct text *base)
{
	struct walk *walk = &slot->walk;

	if (engine.view.layer_count > 0)
		return -ENOENT;
	walk->guest = text_in(walk->guest_bytes, sizeof(walk->guest_bytes));
	walk->host = text_in(walk->host_bytes, sizeof(walk->host_bytes));
	text_add_bytes(&walk->guest, base->at, base->length);
	text_add(&walk->host, directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/");
	if (directory != AT_FDCWD)
		text_add_number(&walk->host, directory);
	text_add(&walk->host, "/.");
	walk->suffix = "/.";
	walk->bind = view_bind_of(&engine.view, base->at, base->length);
	walk->read_only = walk->bind != NULL && walk->bind->read_only;
	walk->magic = walk->removed = true;
	walk->through_proc = true;
	walk->missing = walk->reserved = false;
	walk->mask = walk->parent = 0;
	walk->links = 0;
	return 0;
}

/* In a removed directory only the way up is left. Returns the path as seen from its parent. */
static const char *go_up_from_deleted(struct text *base, const char *path)
{
	size_t length = base->length;

	if (path[0] != '.' || path[1] != '.' || (path[2] != '/' && path[2] != '\0'))
		return NULL;
	while (length > 1 && base->at[length - 1] != '/')
		length--;
	text_cut(base, length > 1 ? length - 1 : 1);
	path += 2;
	while (*path == '/')
		path++;
	return *path == '\0' ? "." : path;
}

long removed_leave(struct slot *slot, int directory, struct text *base, const char **path)
{
	*path = behind_dots(*path);
	if (**path == '\0')
		return stay_in_deleted(slot, directory, base);
	*path = go_up_from_deleted(base, *path);
	return *path == NULL ? -ENOENT : 1;
}
