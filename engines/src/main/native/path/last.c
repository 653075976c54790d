#include "path/last.h"

#include "base/mem.h"
#include "path/layers.h"

/* Leaves room for a slash, the longest name, and NUL. */
enum { DIRECTORY_MOST = PATH_BYTES - PATH_NAME_MOST - 2 };

static bool takes_more(const struct view *view, const struct last_name *last)
{
	return view->layer_count > 0 || last->length > PATH_NAME_MOST ||
	       last->directory->length > DIRECTORY_MOST ||
	       text_starts(last->directory->at, "/dev") ||
	       view_has_mount_named(view, last->name, last->length);
}

/* The directory, a slash unless that is all of it, and the name. */
static size_t add_name(char *guest, const struct last_name *last)
{
	size_t length = last->directory->length;

	memcpy(guest, last->directory->at, length);
	if (length > 1)
		guest[length++] = '/';
	memcpy(guest + length, last->name, last->length);
	return length + last->length;
}

static struct text text_of(char *bytes, size_t length, size_t capacity)
{
	bytes[length] = '\0';
	return (struct text){.at = bytes, .length = length, .capacity = capacity};
}

bool last_find(struct walk *walk, const struct view *view, const struct last_name *last)
{
	char *host = walk->host_bytes;
	struct view_place place;
	size_t length;

	if (takes_more(view, last))
		return false;
	length = add_name(walk->guest_bytes, last);
	place = view_place_of(view, walk->guest_bytes, length);
	/* With a slash and NUL. */
	if (place.host_length + length + 2 > sizeof(walk->host_bytes))
		return false;
	memcpy(host, place.host, place.host_length);
	memcpy(host + place.host_length, walk->guest_bytes + place.hidden, length - place.hidden);
	walk->guest = text_of(walk->guest_bytes, length, sizeof(walk->guest_bytes));
	length += place.host_length - place.hidden;
	walk->host = text_of(host, length, sizeof(walk->host_bytes));
	walk->through_proc = text_starts(host, "/proc/");
	if (last->slash)
		text_add_bytes(&walk->host, "/", 1);
	walk->suffix = last->slash ? "/" : "";
	walk->bind = place.bind;
	walk->read_only = place.bind != NULL && place.bind->read_only;
	walk->magic = false;
	walk->missing = false;
	walk->reserved = false;
	walk->parent = layers_root(view);
	walk->mask = 1;
	walk->links = last->links;
	return true;
}
