#include <linux/errno.h>

#include "path/walk.h"
#include "test/check.h"

/* path/: resolution in a made-up host, row by row; no file system is touched. */

struct entry {
	const char *path;   /* on the host */
	const char *target; /* of a symbolic link; "/" a directory, "" a file */
};

static const struct entry host_entries[] = {
	{"/tree", "/"},
	{"/tree/usr", "/"},
	{"/tree/usr/bin", "/"},
	{"/tree/usr/bin/sh", "dash"},
	{"/tree/usr/bin/dash", ""},
	{"/tree/bin", "usr/bin"},
	{"/tree/etc", "/"},
	{"/tree/etc/passwd", ""},
	{"/tree/abs", "/etc/passwd"},
	{"/tree/up", "../../../../etc/passwd"},
	{"/tree/loop", "loop"},
	{"/tree/a", "b"},
	{"/tree/b", "a"},
	{"/tree/dangling", "etc/nothing"},
	{"/tree/out", "/mnt/data"},
	{"/tree/dirlink", "usr"},
	{"/tree/slashed", "etc/"},
	{"/tree/mnt", "/"},
	{"/data", "/"},
	{"/data/file", ""},
	{"/data/back", "/etc/passwd"},
	{"/data/sub", "/"},
	{"/deep", "/"},
	{"/one", ""},
	{"/tree/proc", "/"},
	{"/proc", "/"},
	{"/proc/7", "/"},
};

static const struct entry *find(const char *path, size_t length)
{
	for (size_t i = 0; i < sizeof(host_entries) / sizeof(host_entries[0]); i++) {
		if (strlen(host_entries[i].path) == length &&
			memcmp(host_entries[i].path, path, length) == 0)
			return &host_entries[i];
	}
	return NULL;
}

static long fake_link(const char *host, char *buffer, size_t size)
{
	size_t length = strlen(host);
	const struct entry *entry;

	if (length > 2 && strcmp(host + length - 2, "/.") == 0) {
		entry = find(host, length - 2);
		if (entry == NULL)
			return -ENOENT;
		return strcmp(entry->target, "") == 0 ? -ENOTDIR : -EINVAL;
	}
	for (size_t i = 1; i < length; i++) {
		if (host[i] != '/')
			continue;
		entry = find(host, i);
		if (entry == NULL)
			return -ENOENT;
		if (strcmp(entry->target, "") == 0)
			return -ENOTDIR;
	}
	entry = find(host, length);
	if (entry == NULL)
		return -ENOENT;
	if (strcmp(entry->target, "/") == 0 || strcmp(entry->target, "") == 0)
		return -EINVAL;
	length = strlen(entry->target);
	memcpy(buffer, entry->target, length < size ? length : size);
	return (long)length;
}

static long fake_magic(const struct view *view, const char *host, bool last, struct text *target)
{
	(void)view;
	(void)last;
	if (strcmp(host, "/proc/7/root") == 0) {
		text_add(target, "/");
		return 1;
	}
	return strcmp(host, "/proc/7") == 0 ? -EINVAL : -ENOENT;
}

/* Two links that the made-up host lacks; a third that it has. */
static long fake_missing(const char *guest, struct text *target)
{
	if (strcmp(guest, "/usr/gone") != 0 && strcmp(guest, "/usr/lost") != 0 &&
		strcmp(guest, "/dirlink") != 0)
		return -EINVAL;
	text_clear(target);
	text_add(target, guest[5] == 'g' ? "/etc" : "/none");
	return (long)target->length;
}

static const struct walk_host host = {
	.read_link = fake_link, .read_magic_link = fake_magic, .read_missing_link = fake_missing};

struct row {
	const char *base;
	const char *path;
	enum walk_end end;
	int error;
	const char *guest;
	const char *host;
};

static const struct row rows[] = {
	{"/", "/", WALK_FOLLOW, 0, "/", "/tree"},
	{"/", "/etc/passwd", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "//etc//./passwd", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/..", WALK_FOLLOW, 0, "/", "/tree/."},
	{"/", "/../../etc/../etc/passwd", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/usr", "../etc", WALK_FOLLOW, 0, "/etc", "/tree/etc"},
	{"/usr", "bin/sh", WALK_FOLLOW, 0, "/usr/bin/dash", "/tree/usr/bin/dash"},
	{"/usr", "bin/sh", WALK_LINK, 0, "/usr/bin/sh", "/tree/usr/bin/sh"},
	{"/", "/bin/sh", WALK_LINK, 0, "/usr/bin/sh", "/tree/usr/bin/sh"},
	{"/", "/abs", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/abs", WALK_LINK, 0, "/abs", "/tree/abs"},
	{"/", "/up", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/loop", WALK_FOLLOW, -ELOOP, "", ""},
	{"/", "/loop", WALK_LINK, 0, "/loop", "/tree/loop"},
	{"/", "/a", WALK_FOLLOW, -ELOOP, "", ""},
	{"/", "/dangling", WALK_FOLLOW, 0, "/etc/nothing", "/tree/etc/nothing"},
	{"/", "/missing", WALK_FOLLOW, 0, "/missing", "/tree/missing"},
	{"/", "/missing/x", WALK_FOLLOW, -ENOENT, "", ""},
	{"/", "/missing/../etc", WALK_FOLLOW, -ENOENT, "", ""},
	{"/", "/etc/passwd/x", WALK_FOLLOW, -ENOTDIR, "", ""},
	{"/", "/etc/passwd/..", WALK_FOLLOW, -ENOTDIR, "", ""},
	{"/", "/etc/passwd/", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd/"},
	{"/", "/etc/.", WALK_FOLLOW, 0, "/etc", "/tree/etc/."},
	{"/", "/dirlink/", WALK_LINK, 0, "/usr", "/tree/usr/"},
	{"/", "/dirlink/bin", WALK_LINK, 0, "/usr/bin", "/tree/usr/bin"},
	{"/", "/slashed/passwd", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/dirlink/", WALK_NAME, 0, "/dirlink", "/tree/dirlink/"},
	{"/", "/dangling/", WALK_NAME, 0, "/dangling", "/tree/dangling/"},
	{"/", "/dirlink/.", WALK_NAME, 0, "/usr", "/tree/usr/."},
	{"/", "/usr/bin/..", WALK_NAME, 0, "/usr/bin", "/tree/usr/bin/.."},
	{"/", "/missing/.", WALK_FOLLOW, -ENOENT, "", ""},
	{"/", "", WALK_FOLLOW, -ENOENT, "", ""},
	{"/", "/mnt/data", WALK_FOLLOW, 0, "/mnt/data", "/data"},
	{"/", "/mnt/data/file", WALK_FOLLOW, 0, "/mnt/data/file", "/data/file"},
	{"/", "/mnt/data/../data/file", WALK_FOLLOW, 0, "/mnt/data/file", "/data/file"},
	{"/", "/mnt/data/back", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/out/file", WALK_FOLLOW, 0, "/mnt/data/file", "/data/file"},
	{"/mnt/data", "..", WALK_FOLLOW, 0, "/mnt", "/tree/mnt/."},
	{"/", "/mnt/data/sub", WALK_FOLLOW, 0, "/mnt/data/sub", "/deep"},
	{"/", "/mnt/dataset", WALK_FOLLOW, 0, "/mnt/dataset", "/tree/mnt/dataset"},
	{"/", "/etc/one", WALK_FOLLOW, 0, "/etc/one", "/one"},
	{"/", "/usr/gone", WALK_FOLLOW, 0, "/etc", "/tree/etc"},
	{"/", "/usr/gone/passwd", WALK_LINK, 0, "/etc/passwd", "/tree/etc/passwd"},
	{"/", "/usr/gone", WALK_LINK, 0, "/usr/gone", WALK_STAND_IN},
	{"/", "/usr/gone", WALK_NAME, 0, "/usr/gone", WALK_STAND_IN},
	{"/", "/usr/lost", WALK_FOLLOW, 0, "/none", "/tree/none"},
	{"/", "/usr/lost/x", WALK_FOLLOW, -ENOENT, "", ""},
	{"/", "/dirlink", WALK_LINK, 0, "/dirlink", "/tree/dirlink"},
	{"/", "/proc/7/root/etc/passwd", WALK_FOLLOW, 0, "/etc/passwd", "/tree/etc/passwd"},
};

static void walk_rows(const struct view *view)
{
	static struct walk walk;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		int error = walk_path(&walk, view, &host, row->base, row->path, row->end);

		check_number(row->path, row->error, error);
		if (error == 0 && row->error == 0) {
			check_text(row->path, row->guest, walk.guest.at);
			check_text(row->path, row->host, walk.host.at);
		}
	}
}

static void long_names(const struct view *view)
{
	static struct walk walk;
	static char path[PATH_BYTES + 64];

	path[0] = '/';
	memset(path + 1, 'n', 255);
	check_number(
		"a name of 255 bytes", 0, walk_path(&walk, view, &host, "/", path, WALK_FOLLOW));
	path[256] = 'n';
	check_number("a name of 256 bytes", -ENAMETOOLONG,
		walk_path(&walk, view, &host, "/", path, WALK_FOLLOW));
	for (size_t i = 0; i + 2 < PATH_BYTES; i += 2)
		memcpy(path + i, "/.", 3);
	check_number(
		"a path of 4094 bytes", 0, walk_path(&walk, view, &host, "/", path, WALK_FOLLOW));
}

static void reverse(const struct view *view)
{
	static const char *const pairs[][2] = {
		{"/tree", "/"},
		{"/tree/etc", "/etc"},
		{"/data", "/mnt/data"},
		{"/data/sub", "/mnt/data/sub"},
		{"/deep/x", "/mnt/data/sub/x"},
		{"/one", "/etc/one"},
		{"/proc/7/fd", "/proc/7/fd"},
	};
	char bytes[PATH_BYTES];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct text guest = text_in(bytes, sizeof(bytes));

		check_number(pairs[i][0], 0,
			view_to_guest(view, pairs[i][0], strlen(pairs[i][0]), &guest));
		check_text(pairs[i][0], pairs[i][1], guest.at);
	}
	struct text none = text_in(bytes, sizeof(bytes));
	check_number("/treetop", -ENOENT, view_to_guest(view, "/treetop", 8, &none));
	check_number("/etc", -ENOENT, view_to_guest(view, "/etc", 4, &none));
}

int main(void)
{
	static struct view view;

	view_set_root(&view, "/tree");
	view_add_bind(&view, "/data", "/mnt/data", false);
	view_add_bind(&view, "/deep", "/mnt/data/sub", true);
	view_add_bind(&view, "/one", "/etc/one", false);
	view_add_bind(&view, "/proc", "/proc", false);
	walk_rows(&view);
	long_names(&view);
	reverse(&view);
	check_number("a mount point", true, view_is_mount_point(&view, "/mnt/data", 9));
	check_number("not a mount point", false, view_is_mount_point(&view, "/mnt", 4));
	check_number("a mount named so", true, view_has_mount_named(&view, "one", 3));
	check_number("no mount named so", false, view_has_mount_named(&view, "ne", 2));
	check_number("some bind is read-only", true, view_has_read_only(&view));
	return check_report("path");
}
