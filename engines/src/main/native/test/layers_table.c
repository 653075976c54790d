#include <linux/errno.h>

#include "overlay/names.h"
#include "path/layers.h"
#include "path/walk.h"
#include "test/check.h"

/* path/layers.c and overlay/names.c: which layer shows what, in a made-up host. */

static const char *const entries[] = {
	/* A slash at the end: a directory; ">" in it: a link to what follows. */
	"/up/",
	"/up/etc/",
	"/up/etc/new",
	"/up/etc/.wh.gone",
	"/up/etc/.wh.again",
	"/up/etc/again/",
	"/up/etc/again/young",
	"/up/etc/file",
	"/up/shut/",
	"/up/shut/.wh..wh..opq",
	"/up/etc/overdir",
	"/one/",
	"/one/etc/",
	"/one/etc/gone",
	"/one/etc/file",
	"/one/etc/again/",
	"/one/etc/again/old",
	"/one/etc/link>again",
	"/one/etc/overdir/",
	"/one/etc/overdir/x",
	"/one/shut/",
	"/one/shut/inside",
	"/one/opt/",
	"/one/opt/.wh.tool",
	"/two/",
	"/two/opt/",
	"/two/opt/tool",
	"/two/opt/other",
	"/two/etc/",
	"/two/etc/deep/",
	"/two/etc/deep/leaf",
};

static long fake_link(const char *host, char *buffer, size_t size)
{
	size_t length = strlen(host);
	bool inside = length > 2 && strcmp(host + length - 2, "/.") == 0;

	(void)size;
	if (inside)
		length -= 2;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		size_t file = strlen(entries[i]);

		if (file < length && strncmp(entries[i], host, file) == 0 && host[file] == '/')
			return -ENOTDIR;
	}
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		const char *entry = entries[i];
		char end = entry[length];

		if (strncmp(entry, host, length) != 0 || strlen(entry) < length)
			continue;
		if (end == '>' && !inside) {
			memcpy(buffer, entry + length + 1, strlen(entry + length + 1));
			return (long)strlen(entry + length + 1);
		}
		if (end == '/' && entry[length + 1] == '\0')
			return -EINVAL;
		if (end == '\0')
			return inside ? -ENOTDIR : -EINVAL;
	}
	return -ENOENT;
}

static long fake_magic(const struct view *view, const char *host, bool last, struct text *target)
{
	(void)view;
	(void)host;
	(void)last;
	(void)target;
	return -EINVAL;
}

static const struct walk_host host = {.read_link = fake_link, .read_magic_link = fake_magic};

struct row {
	const char *path;
	int error;
	unsigned long mask; /* bit 0 the upper, 1 and 2 the lower ones */
	const char *host;
};

static const struct row rows[] = {
	{"/", 0, 7, "/up"},
	{"/etc", 0, 7, "/up/etc"},
	{"/etc/new", 0, 1, "/up/etc/new"},
	{"/etc/file", 0, 1, "/up/etc/file"},
	{"/etc/gone", 0, 0, "/up/etc/gone"},
	{"/etc/gone/x", -ENOENT, 0, ""},
	{"/etc/again", 0, 1, "/up/etc/again"},
	{"/etc/again/young", 0, 1, "/up/etc/again/young"},
	{"/etc/again/old", 0, 0, "/up/etc/again/old"},
	{"/etc/link/young", 0, 1, "/up/etc/again/young"},
	{"/etc/link/../deep/leaf", 0, 4, "/two/etc/deep/leaf"},
	{"/etc/deep/../gone", 0, 0, "/up/etc/gone"},
	{"/etc/overdir", 0, 1, "/up/etc/overdir"},
	{"/etc/overdir/x", -ENOTDIR, 0, ""},
	{"/two", 0, 0, "/up/two"},
	{"/etc/deep/leaf/x", -ENOTDIR, 0, ""},
	{"/shut", 0, 1, "/up/shut"},
	{"/shut/inside", 0, 0, "/up/shut/inside"},
	{"/opt", 0, 6, "/one/opt"},
	{"/opt/tool", 0, 0, "/up/opt/tool"},
	{"/opt/other", 0, 4, "/two/opt/other"},
	{"/opt/.wh.tool", -ENOENT, 0, ""},
	{"/.wh..wh.work/x", -ENOENT, 0, ""},
};

static void walk_rows(const struct view *view)
{
	static struct walk walk;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		int error = walk_path(&walk, view, &host, "/", row->path, WALK_FOLLOW);

		check_number(row->path, row->error, error);
		if (error < 0 || row->error < 0)
			continue;
		check_number(row->path, (long)row->mask, (long)walk.mask);
		check_text(row->path, row->host, walk.host.at);
	}
	check_number(
		"from a base", 0, walk_path(&walk, view, &host, "/etc/deep", "leaf", WALK_FOLLOW));
	check_text("from a base", "/two/etc/deep/leaf", walk.host.at);
	check_number("from a base that is gone", -ENOENT,
		walk_path(&walk, view, &host, "/etc/gone", "leaf", WALK_FOLLOW));
}

/* Each letter's entry by its layer: what is left, in the order of positions. */
static void settle(void)
{
	struct names names = {.count = 0};
	bool seen[128] = {false};
	static const struct {
		const char *name;
		unsigned long inode;
		unsigned char type;
		unsigned char layer;
	} given[] = {
		{".", 1, 4, 0},
		{"..", 2, 4, 0},
		{"a", 10, 8, 0},
		{".wh.b", 11, 8, 0},
		{"c", 12, 4, 0},
		{"d", 13, 4, 0},
		{".wh.d", 14, 8, 0},
		{".wh..wh.work", 15, 4, 0},
		{".", 101, 4, 1},
		{"..", 102, 4, 1},
		{"a", 110, 8, 1},
		{"b", 111, 8, 1},
		{"c", 112, 4, 1},
		{"d", 113, 4, 1},
		{"e", 114, 8, 1},
	};
	static const unsigned long inodes[] = {['a'] = 10, ['c'] = 112, ['d'] = 13, ['e'] = 114};

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		check_number(given[i].name, 0,
			names_add(&names, given[i].name, given[i].inode, given[i].type,
				given[i].layer, true));
	names_settle(&names);
	check_number("names left", 6, (long)names.count);
	check_number("dot comes first", 101, (long)names.entries[0].inode);
	check_number("then two dots", 102, (long)names.entries[1].inode);
	for (size_t i = 2; i < names.count; i++) {
		unsigned char letter = (unsigned char)names.bytes[names.entries[i].name];

		check_number("not seen before", false, seen[letter]);
		seen[letter] = true;
		check_number("inode", (long)inodes[letter], (long)names.entries[i].inode);
		check_number("rising positions", true,
			names.entries[i].position > names.entries[i - 1].position);
	}
	check_number("the hidden one is not there", false, seen['b']);
	names_free(&names);
}

static void many_names(void)
{
	struct names names = {.count = 0};
	char name[16];
	long ordered = 0;

	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		names_add(&names, name, (unsigned long)i, 8, (unsigned char)(i % 3), true);
		names_add(&names, name, (unsigned long)i, 8, 3, true);
	}
	names_settle(&names);
	check_number("each once", 5000, (long)names.count);
	for (size_t i = 1; i < names.count; i++)
		ordered += names.entries[i].position >= names.entries[i - 1].position;
	check_number("in order", 4999, ordered);
	names_free(&names);
}

int main(void)
{
	static struct view view;

	view_set_root(&view, "/up");
	view_add_layer(&view, "/one", 1);
	view_add_layer(&view, "/two", 2);
	view.upper = true;
	walk_rows(&view);
	settle();
	many_names();
	return check_report("layers");
}
