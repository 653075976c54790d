#include "guest/socket_names.h"

#include <linux/errno.h>

#include "base/mem.h"

enum { NUMBER_BITS = 8 };

bool socket_name_has_two_slashes(const char *name)
{
	for (; *name != '\0'; name++) {
		if (name[0] == '/' && name[1] == '/')
			return true;
	}
	return false;
}

static size_t first_slash(const char *path)
{
	size_t at = 0;

	while (path[at] != '/' && path[at] != '\0')
		at++;
	return at;
}

/* In the tree: with its first slash doubled, which takes no more room than the path has. */
static void encode_in_tree(const char *path, struct text *name)
{
	size_t slash = first_slash(path);

	if (path[slash] == '\0') {
		text_add(name, ".//");
		text_add(name, path);
		return;
	}
	text_add_bytes(name, path, slash);
	text_add(name, "/");
	text_add(name, path + slash);
}

void socket_name_encode(const struct view *view, const char *guest, struct text *name)
{
	const struct view_bind *bind = view_bind_of(view, guest, strlen(guest));
	size_t number;
	bool begun = false;

	if (bind == NULL) {
		encode_in_tree(guest + 1, name);
		return;
	}
	number = (size_t)(bind - view->binds) + 1;
	text_add(name, ".//");
	for (size_t bit = NUMBER_BITS; bit > 0; bit--) {
		bool one = (number >> (bit - 1) & 1) != 0;

		begun = begun || one;
		if (begun)
			text_add(name, one ? "./" : "/");
	}
	text_add(name, guest + bind->guest_length + 1);
}

static int decode_digits(const struct view *view, const char *at, struct text *guest)
{
	size_t number = 0;

	for (;;) {
		if (at[0] == '/') {
			number *= 2;
			at++;
		} else if (at[0] == '.' && at[1] == '/') {
			number = number * 2 + 1;
			at += 2;
		} else {
			break;
		}
		if (number > view->bind_count)
			return -EINVAL;
	}
	if (number > 0)
		text_add(guest, view->binds[number - 1].guest);
	text_add(guest, "/");
	text_add(guest, at);
	return 0;
}

int socket_name_decode(const struct view *view, const char *name, size_t length, struct text *guest)
{
	size_t slash = first_slash(name);

	if (name[0] == '/')
		return view_to_guest(view, name, length, guest) == 0 ? 0 : -EINVAL;
	text_clear(guest);
	if (text_starts(name, ".//"))
		return decode_digits(view, name + 3, guest);
	if (name[slash] != '/' || name[slash + 1] != '/')
		return -EINVAL;
	text_add(guest, "/");
	text_add_bytes(guest, name, slash);
	text_add(guest, name + slash + 1);
	return 0;
}
