#include "rows.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * FIXTURE holds a file, a directory, links and a pipe. Calls change it; it is compared with how it was, the difference is
 * printed, and it is made again.
 */

enum { ENTRIES_MOST = 128, PATH_MOST = 600 };

struct entry {
	char path[PATH_MOST];
	char what[96];
	bool met;
};

struct picture {
	struct entry entries[ENTRIES_MOST];
	size_t count;
};

static struct picture before;
static struct picture now;
/* Where changes are looked for: the fixture, and in the group of that name what binds show. */
static const char *places[] = {FIXTURE, "/mnt/data", "/mnt/read", "/mnt/file"};
static size_t place_count = 1;

static void fail(const char *what)
{
	perror(what);
	exit(3);
}

static void file(const char *path, mode_t mode)
{
	int made = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);

	if (made < 0 || write(made, "text\n", 5) != 5)
		fail(path);
	close(made);
}

static void make(void)
{
	if (mkdir("dir", 0755) < 0 || mkdir("dir/sub", 0755) < 0 || mkdir("empty", 0755) < 0)
		fail("dir");
	file("file", 0755);
	file("other", 0644);
	file("dir/inner", 0644);
	file("dir/sub/leaf", 0644);
	if (symlink("file", "link") < 0 || symlink("dir", "todir") < 0 || symlink("none", "dangling") < 0 ||
		symlink("loop", "loop") < 0 || symlink("/work/o/absolute", "absolute") < 0 ||
		symlink("/work/f/dir", "absdir") < 0 || symlink("../../../../../../work/o", "updots") < 0 ||
		symlink("link", "linklink") < 0 || symlink("dir/", "dirslash") < 0 ||
		symlink("file/", "fileslash") < 0 || symlink("dir/sub/../inner", "indirect") < 0 ||
		symlink("/work/f/none", "absdangling") < 0 || symlink("../inner", "dir/sub/up") < 0)
		fail("symlink");
	if (getenv("HOST_ONLY") != NULL && symlink(getenv("HOST_ONLY"), "tohost") < 0)
		fail("tohost");
	if (mkfifo("fifo", 0644) < 0)
		fail("fifo");
}

static void describe(struct entry *entry, const char *path)
{
	struct stat status;
	char target[64] = "";

	if (lstat(path, &status) < 0) {
		snprintf(entry->what, sizeof(entry->what), "cannot be seen");
		return;
	}
	if (S_ISLNK(status.st_mode))
		(void)!readlink(path, target, sizeof(target) - 1);
	snprintf(entry->what, sizeof(entry->what), "%o %u:%u size %ld links %ld%s %s",
		(unsigned)status.st_mode, status.st_uid, status.st_gid,
		S_ISDIR(status.st_mode) ? 0L : (long)status.st_size, (long)status.st_nlink,
		status.st_mtime < 1100000000 ? " old" : "", strstr(target, "host-only") != NULL ? "" : target);
}

static void look(struct picture *picture, const char *path)
{
	struct entry *entry = &picture->entries[picture->count];
	DIR *directory;
	struct dirent *name;

	if (picture->count == ENTRIES_MOST)
		return;
	snprintf(entry->path, sizeof(entry->path), "%s", path);
	entry->met = false;
	describe(entry, path);
	picture->count++;
	if (entry->what[0] != '4')
		return;
	directory = opendir(path);
	while (directory != NULL && (name = readdir(directory)) != NULL) {
		char inside[PATH_MOST];

		if (strcmp(name->d_name, ".") == 0 || strcmp(name->d_name, "..") == 0)
			continue;
		if (snprintf(inside, sizeof(inside), "%s/%s", path, name->d_name) < PATH_MOST)
			look(picture, inside);
	}
	if (directory != NULL)
		closedir(directory);
}

static void take(struct picture *picture)
{
	picture->count = 0;
	for (size_t i = 0; i < place_count; i++)
		look(picture, places[i]);
}

static void make_old(const struct picture *picture)
{
	const struct timespec times[2] = {{1000000000, 0}, {1000000000, 0}};

	for (size_t i = 0; i < picture->count; i++)
		utimensat(AT_FDCWD, picture->entries[i].path, times, AT_SYMLINK_NOFOLLOW);
}

static void clear(const char *path)
{
	char command[PATH_MOST + 32];
	DIR *directory = opendir(path);
	struct dirent *name;

	while (directory != NULL && (name = readdir(directory)) != NULL) {
		if (strcmp(name->d_name, ".") == 0 || strcmp(name->d_name, "..") == 0)
			continue;
		snprintf(command, sizeof(command), "%s/%s", path, name->d_name);
		if (unlink(command) < 0 && rmdir(command) < 0) {
			chmod(command, 0755);
			clear(command);
			rmdir(command);
		}
	}
	if (directory != NULL)
		closedir(directory);
}

/* Inside a writable bind. Another is mounted on `nested`. */
static void make_bound(void)
{
	clear("/mnt/data");
	if (chdir("/mnt/data") < 0)
		fail("/mnt/data");
	file("file", 0755);
	file("other", 0644);
	file("nested/leaf", 0644);
	if (mkdir("dir", 0755) < 0 || mkdir("empty", 0755) < 0 || symlink("file", "link") < 0 ||
		symlink("/work/f/file", "back") < 0 || symlink("../../work/f/file", "up") < 0 ||
		symlink("nested", "tonested") < 0)
		fail("bound");
	file("dir/inner", 0644);
	truncate("/mnt/file", 5);
}

static void reset(void)
{
	umask(0);
	if (place_count > 1)
		make_bound();
	if (chdir(FIXTURE) < 0)
		fail(FIXTURE);
	chmod(FIXTURE, 0755);
	clear(FIXTURE);
	make();
	umask(022);
	take(&now);
	make_old(&now);
	take(&before);
	forms_hold();
}

/* What an ordinary user may not enter, read or write. */
static void deny(void)
{
	mkdir("/work/secret", 0700);
	mkdir("/work/unreadable", 0711);
	mkdir("/work/unwritable", 0755);
	if (chdir("/work") < 0)
		fail("/work");
	file("secret/inside", 0644);
	file("unreadable/inside", 0600);
	file("unwritable/inside", 0644);
	file("unwritable/program", 0744);
	if (chown(FIXTURE, 1000, 1000) < 0)
		fail("chown");
	(void)!symlink("/work/secret/inside", "/work/unwritable/link");
	if (setgid(1000) < 0 || setuid(1000) < 0)
		fail("setuid");
}

static void links_of_links(void)
{
	char name[32];
	char target[32] = FIXTURE "/file";

	for (int i = 1; i <= 42; i++) {
		snprintf(name, sizeof(name), OUTSIDE "/k%d", i);
		if (symlink(target, name) < 0)
			fail(name);
		snprintf(target, sizeof(target), "k%d", i);
	}
	if (symlink(".", OUTSIDE "/s") < 0 || symlink(FIXTURE "/dir", OUTSIDE "/d") < 0)
		fail("s");
}

void fixture_prepare(const char *group)
{
	umask(0);
	if (mkdir(FIXTURE, 0755) < 0 || mkdir(OUTSIDE, 0777) < 0)
		fail(FIXTURE);
	file(OUTSIDE "/absolute", 0666);
	links_of_links();
	if (strcmp(group, "denied") == 0)
		deny();
	if (strcmp(group, "binds") == 0)
		place_count = sizeof(places) / sizeof(places[0]);
	reset();
}

static struct entry *find(struct picture *picture, const char *path)
{
	for (size_t i = 0; i < picture->count; i++) {
		if (strcmp(picture->entries[i].path, path) == 0)
			return &picture->entries[i];
	}
	return NULL;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

void fixture_show_changes(void)
{
	bool changed = false;

	take(&now);
	qsort(now.entries, now.count, sizeof(now.entries[0]), by_path);
	for (size_t i = 0; i < now.count; i++) {
		struct entry *entry = &now.entries[i];
		struct entry *old = find(&before, entry->path);

		if (old != NULL)
			old->met = true;
		if (old != NULL && strcmp(old->what, entry->what) == 0)
			continue;
		changed = true;
		printf("  %s %.80s %s\n", old == NULL ? "new" : "now", entry->path, entry->what);
	}
	for (size_t i = 0; i < before.count; i++) {
		if (!before.entries[i].met) {
			changed = true;
			printf("  gone %s\n", before.entries[i].path);
		}
		before.entries[i].met = false;
	}
	if (changed)
		reset();
}
