#include "path/layers.h"

#include <linux/errno.h>

#include "base/mem.h"

bool layers_is_reserved(const struct view *view, const char *name, size_t length)
{
	size_t mark = strlen(LAYERS_WHITEOUT);

	return view->upper && length >= mark && memcmp(name, LAYERS_WHITEOUT, mark) == 0;
}

unsigned layers_top(unsigned long mask)
{
	return (unsigned)__builtin_ctzl(mask);
}

void layers_host(const struct view *view, unsigned layer, const char *guest, size_t length,
	struct text *host)
{
	if (layer == 0) {
		view_to_host(view, guest, length, host);
		return;
	}
	text_clear(host);
	text_add_bytes(host, view->layers[layer - 1].host, view->layers[layer - 1].length);
	if (length > 1 || host->length == 0)
		text_add_bytes(host, guest, length);
}

static unsigned long points_bit(const struct view *view)
{
	return view->points ? 1UL << view->layer_count : 0;
}

unsigned long layers_root(const struct view *view)
{
	return (2UL << view->layer_count) - 1;
}

static bool is_there(const struct walk_host *host, struct walk *walk)
{
	long result;

	if (walk->host.overflow)
		return false;
	result = host->read_link(walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));
	return result >= 0 || result == -EINVAL;
}

/* Reading "." as a link says EINVAL in a directory, EACCES in one that may not be searched. */
static bool is_directory(const struct walk_host *host, struct walk *walk)
{
	size_t length = walk->host.length;
	long result = -ENAMETOOLONG;

	text_add(&walk->host, "/.");
	if (!walk->host.overflow)
		result = host->read_link(walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));
	text_cut(&walk->host, length);
	return result == -EINVAL || result == -EACCES;
}

static bool is_opaque(const struct walk_host *host, struct walk *walk)
{
	size_t length = walk->host.length;
	bool result;

	text_add(&walk->host, "/" LAYERS_OPAQUE);
	result = is_there(host, walk);
	text_cut(&walk->host, length);
	return result;
}

/* Does this layer hide what those below have by the path's last name? */
static bool is_hidden(struct walk *walk, const struct view *view, const struct walk_host *host,
	unsigned layer, const char *guest, size_t length)
{
	size_t name = length;

	while (guest[name - 1] != '/')
		name--;
	if (length - name + strlen(LAYERS_WHITEOUT) > PATH_NAME_MOST)
		return false;
	layers_host(view, layer, guest, name - 1, &walk->host);
	if (walk->host.length == 0 || walk->host.at[walk->host.length - 1] != '/')
		text_add(&walk->host, "/");
	text_add(&walk->host, LAYERS_WHITEOUT);
	text_add_bytes(&walk->host, guest + name, length - name);
	return is_there(host, walk);
}

/* A bind's mount point: what is bound lies over what is made up, and over nothing else. */
static long look_at_mount(struct walk *walk, const struct view *view, const struct walk_host *host,
	const char *guest, size_t length)
{
	walk->mask = 1;
	if (view->points && view_is_above_mount(view, guest, length)) {
		layers_host(view, (unsigned)view->layer_count, guest, length, &walk->host);
		if (is_directory(host, walk))
			walk->mask |= points_bit(view);
	}
	return -EINVAL;
}

/* What one layer has to say. `again` tells whether those below are asked too. */
static long look_in(struct walk *walk, const struct view *view, const struct walk_host *host,
	unsigned layer, unsigned long below, bool *again, const char *guest, size_t length)
{
	long result;

	layers_host(view, layer, guest, length, &walk->host);
	if (walk->host.overflow)
		return -ENAMETOOLONG;
	*again = false;
	result = host->read_link(walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));
	if (result == -ENOENT) {
		*again = below != 0;
	} else if (result == -EINVAL && (below != 0 || walk->mask != 0) &&
		   is_directory(host, walk)) {
		walk->mask |= 1UL << layer;
		*again = below != 0 && !(view->upper && is_opaque(host, walk));
	} else if ((result >= 0 || result == -EINVAL) && walk->mask == 0) {
		walk->mask = 1UL << layer;
	}
	if (*again && view->upper && is_hidden(walk, view, host, layer, guest, length))
		*again = false;
	return result;
}

long layers_look(struct walk *walk, const struct view *view, const struct walk_host *host,
	unsigned long parent, const char *guest, size_t length)
{
	long answer = -ENOENT;
	bool again = true;

	walk->mask = 0;
	if (view_is_mount_point(view, guest, length))
		return look_at_mount(walk, view, host, guest, length);
	while (parent != 0 && again) {
		unsigned layer = layers_top(parent);
		bool first = walk->mask == 0;
		long result;

		parent &= parent - 1;
		result = look_in(walk, view, host, layer, parent, &again, guest, length);
		if (!first)
			continue;
		if (walk->mask != 0 || result != -ENOENT)
			answer = result;
		/* Only the text of a link that nothing was read over is still there. */
		if (answer >= 0 || (answer != -ENOENT && answer != -EINVAL))
			return answer;
	}
	return answer;
}

unsigned long layers_find(struct walk *walk, const struct view *view, const struct walk_host *host,
	const char *guest, size_t length)
{
	unsigned long mask = layers_root(view);

	for (size_t end = 1; end < length && mask != 0;) {
		end++;
		while (end < length && guest[end] != '/')
			end++;
		layers_look(walk, view, host, mask, guest, end);
		mask = walk->mask;
	}
	walk->mask = mask;
	return mask;
}
