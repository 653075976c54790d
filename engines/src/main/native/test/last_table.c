#include "path/last.h"

#include <linux/errno.h>

#include "test/check.h"

/* path/last.c: by the texts alone it finds what a walk finds, or says that it cannot. */

static long no_link(const char *host, char *buffer, size_t size)
{
	(void)host;
	(void)buffer;
	(void)size;
	return -EINVAL;
}

static const struct walk_host host = {.read_link = no_link};

static const char *const directories[] = {"/", "/etc", "/usr/lib/deep/er", "/mnt", "/mnt/data",
	"/mnt/data/sub/x", "/proc", "/proc/7"};

static const char *const names[] = {"a", "passwd", ".hidden", "...", "proc", "n o t"};

static struct last_name last_of(struct text *directory, const char *path, const char *name)
{
	text_add(directory, path);
	return (struct last_name){
		.directory = directory, .links = 3, .name = name, .length = strlen(name)};
}

static void check_one(const struct view *view, const char *path, const char *name, bool slash)
{
	static struct walk quick;
	static struct walk whole;
	static char bytes[PATH_BYTES];
	struct text directory = text_in(bytes, sizeof(bytes));
	struct last_name last = last_of(&directory, path, name);
	struct walk_start start = {.base = path, .links = 3};
	char with_slash[64];

	last.slash = slash;
	snprintf(with_slash, sizeof(with_slash), "%s%s", name, slash ? "/" : "");
	if (!last_find(&quick, view, &last))
		return;
	check_number(name, 0, walk_on(&whole, view, &host, &start, with_slash, WALK_NAME));
	check_text(name, whole.guest.at, quick.guest.at);
	check_text(name, whole.host.at, quick.host.at);
	check_text(name, whole.suffix, quick.suffix);
	check_number("length in the guest", (long)whole.guest.length, (long)quick.guest.length);
	check_number("length on the host", (long)whole.host.length, (long)quick.host.length);
	check_number("bind", true, whole.bind == quick.bind);
	check_number("read-only", whole.read_only, quick.read_only);
	check_number("through /proc", whole.through_proc, quick.through_proc);
	check_number("links", whole.links, quick.links);
	check_number("layers", (long)whole.mask, (long)quick.mask);
	check_number("layers of the directory", (long)whole.parent, (long)quick.parent);
	check_number("magic", whole.magic, quick.magic);
	check_number("missing", whole.missing, quick.missing);
	check_number("reserved", whole.reserved, quick.reserved);
}

static void is_what_a_walk_finds(const struct view *view)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			check_one(view, directories[i], names[j], false);
			check_one(view, directories[i], names[j], true);
		}
	}
}

static bool finds(const struct view *view, const char *path, const char *name)
{
	static struct walk walk;
	static char bytes[2 * PATH_BYTES];
	struct text directory = text_in(bytes, sizeof(bytes));
	struct last_name last = last_of(&directory, path, name);

	return last_find(&walk, view, &last);
}

static void says_what_takes_more(struct view *view)
{
	static char longest[PATH_BYTES];
	static char name[PATH_NAME_MOST + 2];

	memset(longest, 'd', sizeof(longest) - 1);
	longest[0] = '/';
	memset(name, 'n', PATH_NAME_MOST + 1);
	check_number("a name", true, finds(view, "/etc", "passwd"));
	check_number("of a mount point", false, finds(view, "/mnt", "data"));
	check_number("like one elsewhere", false, finds(view, "/etc", "data"));
	check_number("in /dev", false, finds(view, "/dev", "fd"));
	check_number("too long", false, finds(view, "/etc", name));
	name[PATH_NAME_MOST] = '\0';
	check_number("as long as it may be", true, finds(view, "/etc", name));
	check_number("in too long a directory", false, finds(view, longest, "x"));
	view_add_layer(view, "/lower", 0);
	check_number("in layers", false, finds(view, "/etc", "passwd"));
}

int main(void)
{
	static struct view view;
	static struct view whole_host;

	view_set_root(&view, "/tree");
	view_add_bind(&view, "/data", "/mnt/data", false);
	view_add_bind(&view, "/deep", "/mnt/data/sub", true);
	view_add_bind(&view, "/proc", "/proc", false);
	view_set_root(&whole_host, "/");
	is_what_a_walk_finds(&view);
	is_what_a_walk_finds(&whole_host);
	says_what_takes_more(&view);
	return check_report("last");
}
