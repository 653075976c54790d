#include "path/view.h"

#include <linux/errno.h>

#include "base/mem.h"

void view_set_root(struct view *view, const char *root)
{
	view->root = root;
	view->root_length = strcmp(root, "/") == 0 ? 0 : strlen(root);
}

int view_add_bind(struct view *view, const char *host, const char *guest, bool read_only)
{
	struct view_bind bind = {
		.host = host,
		.guest = guest,
		.host_length = strcmp(host, "/") == 0 ? 0 : strlen(host),
		.guest_length = strlen(guest),
		.read_only = read_only,
	};
	size_t at = view->bind_count;

	if (view->bind_count == VIEW_BINDS_MOST)
		return -E2BIG;
	/* The later of two binds on one point hides the earlier, as a second mount does. */
	while (at > 0 && view->binds[at - 1].guest_length <= bind.guest_length) {
		view->binds[at] = view->binds[at - 1];
		at--;
	}
	view->binds[at] = bind;
	view->bind_count++;
	return 0;
}

int view_add_layer(struct view *view, const char *host, unsigned long device)
{
	if (view->layer_count == VIEW_LAYERS_MOST)
		return -E2BIG;
	view->layers[view->layer_count++] = (struct view_layer){
		.host = host,
		.length = strcmp(host, "/") == 0 ? 0 : strlen(host),
		.device = device,
	};
	return 0;
}

/* FNV-1a with the NUL, so that two texts do not run into each other. */
static unsigned hash_text(unsigned hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	} while (*text++ != '\0');
	return hash;
}

unsigned view_hash(const struct view *view)
{
	unsigned hash = hash_text(2166136261U, view->root);

	for (size_t i = 0; i < view->layer_count; i++)
		hash = hash_text(hash, view->layers[i].host);
	for (size_t i = 0; i < view->bind_count; i++) {
		hash = hash_text(hash, view->binds[i].host);
		hash = hash_text(hash, view->binds[i].guest);
	}
	return hash;
}

static bool covers(const char *prefix, size_t prefix_length, const char *path, size_t length)
{
	if (length < prefix_length)
		return false;
	if (length != prefix_length && path[prefix_length] != '/' && prefix_length != 0)
		return false;
	return memcmp(prefix, path, prefix_length) == 0;
}

const struct view_bind *view_bind_of(const struct view *view, const char *guest, size_t length)
{
	for (size_t i = 0; i < view->bind_count; i++) {
		const struct view_bind *bind = &view->binds[i];

		if (covers(bind->guest, bind->guest_length, guest, length))
			return bind;
	}
	return NULL;
}

bool view_is_mount_point(const struct view *view, const char *guest, size_t length)
{
	for (size_t i = 0; i < view->bind_count; i++) {
		const struct view_bind *bind = &view->binds[i];

		if (bind->guest_length == length && memcmp(bind->guest, guest, length) == 0)
			return true;
	}
	return false;
}

static bool holds_name(const struct view_bind *bind, const char *name, size_t length)
{
	for (size_t start = 1; start + length <= bind->guest_length; start++) {
		size_t end = start + length;

		if (bind->guest[start - 1] == '/' &&
			(end == bind->guest_length || bind->guest[end] == '/') &&
			memcmp(bind->guest + start, name, length) == 0)
			return true;
	}
	return false;
}

bool view_has_mount_named(const struct view *view, const char *name, size_t length)
{
	for (size_t i = 0; i < view->bind_count; i++) {
		const struct view_bind *bind = &view->binds[i];
		size_t start = bind->guest_length - length;

		if (length < bind->guest_length && bind->guest[start - 1] == '/' &&
			memcmp(bind->guest + start, name, length) == 0)
			return true;
		if (view->points && holds_name(bind, name, length))
			return true;
	}
	return false;
}

bool view_is_above_mount(const struct view *view, const char *guest, size_t length)
{
	size_t prefix = length == 1 ? 0 : length;

	for (size_t i = 0; i < view->bind_count; i++) {
		const struct view_bind *bind = &view->binds[i];

		if (bind->guest_length > length &&
			covers(guest, prefix, bind->guest, bind->guest_length))
			return true;
	}
	return false;
}

bool view_has_read_only(const struct view *view)
{
	if (view->points)
		return true;
	for (size_t i = 0; i < view->bind_count; i++) {
		if (view->binds[i].read_only)
			return true;
	}
	return false;
}

struct view_place view_place_of(const struct view *view, const char *guest, size_t length)
{
	const struct view_bind *bind = view_bind_of(view, guest, length);

	if (bind == NULL)
		return (struct view_place){.host = view->root, .host_length = view->root_length};
	return (struct view_place){.bind = bind,
		.host = bind->host,
		.host_length = bind->host_length,
		.hidden = bind->guest_length};
}

void view_to_host(const struct view *view, const char *guest, size_t length, struct text *host)
{
	struct view_place place = view_place_of(view, guest, length);

	text_clear(host);
	text_add_bytes(host, place.host, place.host_length);
	if (place.bind != NULL || length > 1 || view->root_length == 0)
		text_add_bytes(host, guest + place.hidden, length - place.hidden);
	if (host->length == 0)
		text_add(host, "/");
}

int view_to_guest(const struct view *view, const char *host, size_t length, struct text *guest)
{
	const struct view_bind *best = NULL;
	size_t best_length = 0;
	bool found = covers(view->root, view->root_length, host, length);

	if (found)
		best_length = view->root_length;
	for (size_t i = 0; i < view->layer_count; i++) {
		const struct view_layer *layer = &view->layers[i];

		if ((!found || layer->length > best_length) &&
			covers(layer->host, layer->length, host, length)) {
			best_length = layer->length;
			found = true;
		}
	}
	for (size_t i = 0; i < view->bind_count; i++) {
		const struct view_bind *bind = &view->binds[i];

		if ((!found || bind->host_length > best_length) &&
			covers(bind->host, bind->host_length, host, length)) {
			best = bind;
			best_length = bind->host_length;
			found = true;
		}
	}
	if (!found)
		return -ENOENT;
	text_clear(guest);
	if (best != NULL)
		text_add_bytes(guest, best->guest, best->guest_length);
	text_add_bytes(guest, host + best_length, length - best_length);
	if (guest->length == 0)
		text_add(guest, "/");
	return 0;
}
