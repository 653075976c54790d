#include "overlay/points.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/engine.h"
#include "intercept/paths.h"

struct point {
	const char *guest;
	bool directory;
};

static struct point points[VIEW_BINDS_MOST];
static size_t point_count;
static char place[PATH_BYTES];

static bool is_missing(const char *host)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, host, &status, AT_SYMLINK_NOFOLLOW) == -ENOENT;
}

/* Adds the names that the walk did not get to. */
static long append_rest(struct text *guest, const char *rest)
{
	while (*rest != '\0') {
		size_t length = 0;

		while (rest[length] != '/' && rest[length] != '\0')
			length++;
		if (length == 2 && rest[0] == '.' && rest[1] == '.')
			return -ENOENT;
		if (length > 0 && !(length == 1 && rest[0] == '.')) {
			if (guest->length > 1)
				text_add(guest, "/");
			text_add_bytes(guest, rest, length);
		}
		rest += rest[length] == '/' ? length + 1 : length;
	}
	return guest->overflow ? -ENAMETOOLONG : 1;
}

static long walk_to(struct slot *slot, const char *path, bool exact)
{
	return walk_path(
		&slot->walk, &engine.view, &paths_host, "/", path, exact ? WALK_LINK : WALK_FOLLOW);
}

long points_resolve(struct slot *slot, const char *path, bool exact)
{
	char prefix[PATH_BYTES];
	size_t length = strlen(path);
	long error = walk_to(slot, path, exact);

	if (error == 0)
		return is_missing(slot->walk.host.at) ? 1 : 0;
	if (length >= sizeof(prefix))
		return -ENAMETOOLONG;
	memcpy(prefix, path, length + 1);
	while (error == -ENOENT && length > 1) {
		while (length > 1 && prefix[length - 1] == '/')
			length--;
		while (length > 1 && prefix[length - 1] != '/')
			length--;
		prefix[length] = '\0';
		error = walk_to(slot, prefix, false);
	}
	return error < 0 ? error : append_rest(&slot->walk.guest, path + length);
}

void points_note(const char *guest, const char *host)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, host, &status, 0);

	points[point_count].guest = guest;
	points[point_count].directory = error < 0 || (status.st_mode & S_IFMT) == S_IFDIR;
	point_count++;
}

/* FNV-1a over what will be in it. */
static unsigned long digest(void)
{
	unsigned long hash = 0xcbf29ce484222325UL;

	for (size_t i = 0; i < point_count; i++) {
		const char *at = points[i].guest;

		do
			hash = (hash ^ (unsigned char)*at) * 0x100000001b3UL;
		while (*at++ != '\0');
		hash = (hash ^ points[i].directory) * 0x100000001b3UL;
	}
	return hash;
}

/* Others may write where this lies, and shall not have made it. */
static long own_directory(const char *path)
{
	struct stat status;
	long error = files_mkdir(AT_FDCWD, path, 0755);

	if (error < 0 && error != -EEXIST)
		return error;
	error = sys_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW);
	if (error < 0)
		return error;
	if ((status.st_mode & S_IFMT) != S_IFDIR || status.st_uid != (unsigned)sys_getuid() ||
		(status.st_mode & 022) != 0)
		return -EPERM;
	return 0;
}

static long make_point(struct text *path, const struct point *point)
{
	size_t base = path->length;
	long error = 0;

	for (const char *at = point->guest; *at != '\0' && error == 0;) {
		size_t length = 1;

		while (at[length] != '/' && at[length] != '\0')
			length++;
		text_add_bytes(path, at, length);
		at += length;
		if (path->overflow)
			return -ENAMETOOLONG;
		error = *at == '\0' && !point->directory
				? files_mknod(AT_FDCWD, path->at, S_IFREG | 0644, 0)
				: files_mkdir(AT_FDCWD, path->at, 0755);
		if (error == -EEXIST)
			error = 0;
	}
	text_cut(path, base);
	return error;
}

/* The layer's place, without a symbolic link in it. */
static long open_place(struct slot *slot, const char *scratch)
{
	struct text path = text_in(slot->first_host, sizeof(slot->first_host));
	long file;
	long length;
	long error = 0;

	if (engine.view.upper) {
		text_add(&path, engine.view.root);
		text_add(&path, "/.wh..wh.points");
	} else {
		text_add(&path, scratch);
		text_add(&path, "/coracle-points-");
		text_add_number(&path, sys_getuid());
		error = own_directory(path.at);
		text_add(&path, "/");
		text_add_hex(&path, digest());
	}
	if (path.overflow)
		return -ENAMETOOLONG;
	if (error == 0)
		error = own_directory(path.at);
	if (error < 0)
		return error;
	file = sys_openat(AT_FDCWD, path.at, O_PATH | O_CLOEXEC, 0);
	if (file < 0)
		return file;
	length = proc_read_descriptor((int)file, place, sizeof(place));
	sys_close((int)file);
	return length < 0 ? length : length == (long)sizeof(place) ? -ENAMETOOLONG : 0;
}

long points_make(struct slot *slot, const char *scratch)
{
	struct text path = text_in(slot->first_host, sizeof(slot->first_host));
	long error;

	if (point_count == 0)
		return 0;
	error = open_place(slot, scratch);
	if (error < 0)
		return error;
	text_clear(&path);
	text_add(&path, place);
	for (size_t i = 0; i < point_count && error == 0; i++)
		error = make_point(&path, &points[i]);
	if (error == 0)
		error = view_add_layer(&engine.view, place, 0);
	engine.view.points = error == 0;
	return error;
}
