#include "rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HERE AT_FDCWD
#define PLAIN(path) {"plain", NULL, HERE, path}
#define DOTS(path) {"dots", NULL, HERE, path}
#define SLASH(path) {"slashes", NULL, HERE, path}
#define LINKS(path) {"links", NULL, HERE, path}
#define MAGIC(path) {"magic", NULL, HERE, path}
#define DENIED(path) {"denied", NULL, HERE, path}
#define BINDS(path) {"binds", NULL, HERE, path}

/* Descriptors of fixed numbers, opened by forms_prepare(). */
enum { DIRECTORY = 50, PLACE, PLAIN_FILE, ROOT, REMOVED, MOVED, PIPE, BOUND_PIPE, BAD = 77 };

static struct form list[400] = {
	PLAIN("file"), PLAIN("dir"), PLAIN("dir/inner"), PLAIN("dir/sub/leaf"), PLAIN("none"), PLAIN("dir/none"),
	PLAIN("none/none"), PLAIN("file/x"), PLAIN("./file"), PLAIN("dir/./inner"), PLAIN("dir//inner"),
	PLAIN("/work/f/file"), PLAIN("/work/f/dir"), PLAIN("/work/f/none"), PLAIN("/"), PLAIN("."), PLAIN("fifo"),
	PLAIN("empty"), PLAIN("/work/o/absolute"), PLAIN("/proc/self/stat"),


	DOTS(".."), DOTS("../f/file"), DOTS("dir/.."), DOTS("dir/../file"), DOTS("/.."), DOTS("/../work/f/file"),
	DOTS("../../../../../work/f/file"), DOTS("file/.."), DOTS("file/."), DOTS("none/.."), DOTS("none/../file"),
	DOTS("dir/."), DOTS("todir/.."), DOTS("todir/../file"), DOTS("updots/absolute"), DOTS("updots"),
	DOTS("dir/sub/../../file"), DOTS("/."), DOTS("/../.."), DOTS("..."), DOTS("absdir/../file"),
	DOTS("link/../file"), DOTS("empty/../empty"), DOTS("dangling/.."), DOTS("fifo/.."), DOTS("/work/f/.."),

	SLASH("file/"), SLASH("dir/"), SLASH("none/"), SLASH("link/"), SLASH("todir/"), SLASH("dangling/"),
	SLASH("dir//"), SLASH("/work/f/dir/"), SLASH("//"), SLASH("//work//f//file"), SLASH("fifo/"), SLASH("loop/"),
	SLASH("todir/inner/"), SLASH("empty/"), SLASH("dirslash"), SLASH("fileslash"), SLASH("dirslash/"),
	SLASH("dir/none/"), SLASH("absdangling/"), SLASH("file//."),

	LINKS("link"), LINKS("todir"), LINKS("todir/inner"), LINKS("todir/none"), LINKS("dangling"), LINKS("loop"),
	LINKS("loop/x"), LINKS("absolute"), LINKS("absdir"), LINKS("absdir/inner"), LINKS("linklink"),
	LINKS("indirect"), LINKS("absdangling"), LINKS("dir/sub/up"), LINKS("link/x"), LINKS("dangling/x"),
	LINKS("../o/k39"), LINKS("../o/k40"), LINKS("../o/k41"), LINKS("/work/o/k40"), LINKS("../o/d/inner"),
	LINKS("todir/sub/up"),

	MAGIC("/proc/self/cwd/file"), MAGIC("/proc/self/root/work/f/file"), MAGIC("/proc/self/fd/50/inner"),
	MAGIC("/proc/self/fd/50"), MAGIC("/proc/self/fd/52"), MAGIC("/proc/self/fd/52/"), MAGIC("/proc/self/fd/50/.."),
	MAGIC("/proc/self/fd/50/../file"), MAGIC("/proc/self/fd/77"), MAGIC("/proc/self/cwd"), MAGIC("/proc/self/root"),
	MAGIC("/proc/self/cwd/"), MAGIC("/proc/self/root/"), MAGIC("/proc/thread-self/cwd/dir"),
	MAGIC("/proc/self/fd/50/none"), MAGIC("/proc/self/root/../work/o/absolute"),

	DENIED("file"), DENIED("/work/secret"), DENIED("/work/secret/inside"), DENIED("/work/secret/none"),
	DENIED("/work/secret/.."), DENIED("/work/secret/"), DENIED("/work/secret/."), DENIED("/work/unreadable"),
	DENIED("/work/unreadable/inside"), DENIED("/work/unreadable/none"), DENIED("/work/unwritable"),
	DENIED("/work/unwritable/inside"), DENIED("/work/unwritable/none"), DENIED("/work/unwritable/program"),
	DENIED("/work/unwritable/link"), DENIED("/etc/shadow"), DENIED("/"), DENIED("/etc/passwd"), DENIED("dir"),
	DENIED("/work/secret/../f/file"), DENIED("/work/unwritable/inside/x"), DENIED("/root/x"),

	BINDS("/mnt/data"), BINDS("/mnt/data/"), BINDS("/mnt/data/file"), BINDS("/mnt/data/none"), BINDS("/mnt/data/dir"),
	BINDS("/mnt/data/dir/inner"), BINDS("/mnt/data/link"), BINDS("/mnt/data/back"), BINDS("/mnt/data/up"),
	BINDS("/mnt/data/.."), BINDS("/mnt/data/../../work/f/file"), BINDS("/mnt/data/nested"),
	BINDS("/mnt/data/nested/leaf"), BINDS("/mnt/data/nested/none"), BINDS("/mnt/data/nested/.."),
	BINDS("/mnt/data/nested/../file"), BINDS("/mnt/data/tonested"), BINDS("/mnt/data/tonested/leaf"),
	BINDS("/mnt/read"), BINDS("/mnt/read/file"), BINDS("/mnt/read/none"), BINDS("/mnt/read/dir"),
	BINDS("/mnt/read/dir/inner"), BINDS("/mnt/read/link"), BINDS("/mnt/read/out"), BINDS("/mnt/read/dangling"),
	BINDS("/mnt/read/fifo"), BINDS("/mnt/read/file/"), BINDS("/mnt/read/none/"), BINDS("/mnt/read/none/none"),
	BINDS("/mnt/read/.."), BINDS("/mnt/read/."), BINDS("/mnt/read/file/x"), BINDS("/mnt/read/empty"),
	BINDS("/mnt/file"), BINDS("/mnt/file/"), BINDS("/mnt/file/x"), BINDS("/mnt/file/.."),
	BINDS("/mnt/data/dir/../nested"), BINDS("/mnt/data/empty"),

	{"directories", "50:inner", DIRECTORY, "inner"}, {"directories", "50:../file", DIRECTORY, "../file"},
	{"directories", "50:sub/leaf", DIRECTORY, "sub/leaf"}, {"directories", "50:sub/up", DIRECTORY, "sub/up"},
	{"directories", "50:none", DIRECTORY, "none"}, {"directories", "50:.", DIRECTORY, "."},
	{"directories", "50:..", DIRECTORY, ".."}, {"directories", "50:sub/", DIRECTORY, "sub/"},
	{"directories", "50:/work/f/file", DIRECTORY, "/work/f/file"}, {"directories", "50:", DIRECTORY, ""},
	{"directories", "path 51:inner", PLACE, "inner"}, {"directories", "path 51:", PLACE, ""},
	{"directories", "path 51:..", PLACE, ".."}, {"directories", "file 52:x", PLAIN_FILE, "x"},
	{"directories", "file 52:.", PLAIN_FILE, "."}, {"directories", "file 52:..", PLAIN_FILE, ".."},
	{"directories", "file 52:", PLAIN_FILE, ""}, {"directories", "file 52:/work/f/file", PLAIN_FILE, "/work/f/file"},
	{"directories", "root 53:..", ROOT, ".."}, {"directories", "root 53:../work/f/file", ROOT, "../work/f/file"},
	{"directories", "root 53:work/f/dir", ROOT, "work/f/dir"}, {"directories", "root 53:.", ROOT, "."},
	{"directories", "root 53:../../work/o/absolute", ROOT, "../../work/o/absolute"},
	{"directories", "removed 54:x", REMOVED, "x"}, {"directories", "removed 54:.", REMOVED, "."},
	{"directories", "removed 54:..", REMOVED, ".."}, {"directories", "removed 54:", REMOVED, ""},
	{"directories", "removed 54:../moved", REMOVED, "../moved"},
	{"directories", "moved 55:inside", MOVED, "inside"}, {"directories", "moved 55:..", MOVED, ".."},
	{"directories", "moved 55:../s/k1", MOVED, "../s/k1"}, {"directories", "moved 55:none", MOVED, "none"},
	{"directories", "bad 77:x", BAD, "x"}, {"directories", "bad 77:.", BAD, "."}, {"directories", "bad 77:", BAD, ""},
	{"directories", "bad 77:/work/f/file", BAD, "/work/f/file"}, {"directories", "bad -1:x", -1, "x"},
	{"directories", "bad -1:..", -1, ".."}, {"directories", "bad 77:..", BAD, ".."},
	{"directories", "bad 77:/work/f/none", BAD, "/work/f/none"},

	{"bad", "empty", HERE, ""}, {"bad", "NULL", HERE, NULL}, {"bad", "address 1", HERE, (const char *)1},
	{"bad", "50:NULL", DIRECTORY, NULL}, {"bad", "bad 77:NULL", BAD, NULL}, {"bad", "50:address 1", DIRECTORY,
	(const char *)1}, {"bad", "file 52:NULL", PLAIN_FILE, NULL}, {"bad", "path 51:NULL", PLACE, NULL},
};

const struct form *forms = list;
size_t form_count;

static void add(const char *group, const char *name, const char *path)
{
	struct form form = {group, name, HERE, path};

	if (form_count == sizeof(list) / sizeof(list[0]))
		abort();
	list[form_count++] = form;
}

/* As many times "./" or so before the end that the whole has this length. */
static const char *padded(const char *unit, const char *end, size_t length)
{
	char *path = malloc(length + 64);
	size_t at = strlen(end) % strlen(unit) == length % strlen(unit) ? 0 : 1;

	if (at == 1)
		path[0] = '/';
	while (at + strlen(end) < length) {
		memcpy(path + at, unit, strlen(unit));
		at += strlen(unit);
	}
	strcpy(path + at, end);
	return path;
}

static const char *named(char letter, size_t length, const char *before)
{
	char *path = malloc(length + 64);

	strcpy(path, before);
	memset(path + strlen(before), letter, length);
	path[strlen(before) + length] = '\0';
	return path;
}

static void add_limits(void)
{
	add("limits", "255", named('n', 255, ""));
	add("limits", "256", named('n', 256, ""));
	add("limits", "dir/255", named('n', 255, "dir/"));
	add("limits", "dir/256", named('n', 256, "dir/"));
	add("limits", "none/256", named('n', 256, "none/"));
	add("limits", "file/256", named('n', 256, "file/"));
	add("limits", "todir/255", named('n', 255, "todir/"));
	add("limits", "4094 ./", padded("./", "file", 4094));
	add("limits", "4095 /work/f/file", padded("/", "/work/f/file", 4095));
	add("limits", "4096 /work/f/file", padded("/", "/work/f/file", 4096));
	add("limits", "4095 dots", padded("../f/", "file", 4095));
	add("limits", "5000", padded("/", "/work/f/file", 5000));
	add("limits", "4095 none", padded("/", "/work/f/none", 4095));
	add("limits", "20 links", padded("s/", "file", 44) );
	add("limits", "39 links", "../o/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/k1");
	add("limits", "40 links", "../o/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/k1");
	add("limits", "41 links", "../o/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/s/k1");
}

static void add_host(void)
{
	static char paths[6][4096];
	const char *only = getenv("HOST_ONLY");
	static const char *before[] = {"", "/..", "../../../../..", "/proc/self/root", "/proc/self/cwd/../..", "//"};

	for (size_t i = 0; only != NULL && i < 6; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s%s", before[i], only);
		add("host", before[i][0] == '\0' ? "the path" : before[i], paths[i]);
	}
	add("host", "link", "tohost");
	add("host", "link/", "tohost/");
}

static void hold(int number, const char *path, int flags)
{
	int opened = open(path, flags);

	if (opened < 0 || dup2(opened, number) < 0) {
		perror(path);
		exit(4);
	}
	close(opened);
}

static void hold_all(void)
{
	if (mkdir(OUTSIDE "/gone", 0755) < 0 || mkdir(OUTSIDE "/old", 0755) < 0 ||
		mkdir(OUTSIDE "/old/inside", 0755) < 0)
		exit(4);
	hold(ROOT, "/", O_RDONLY | O_DIRECTORY);
	hold(REMOVED, OUTSIDE "/gone", O_RDONLY | O_DIRECTORY);
	hold(MOVED, OUTSIDE "/old", O_RDONLY | O_DIRECTORY);
	if (rmdir(OUTSIDE "/gone") < 0 || rename(OUTSIDE "/old", OUTSIDE "/moved") < 0)
		exit(4);
}

void forms_hold(void)
{
	hold(DIRECTORY, FIXTURE "/dir", O_RDONLY | O_DIRECTORY);
	hold(PLACE, FIXTURE "/dir", O_PATH);
	hold(PLAIN_FILE, FIXTURE "/other", O_RDONLY);
	/* Whoever opens a pipe would wait for the other end. */
	hold(PIPE, FIXTURE "/fifo", O_RDWR);
	if (access("/mnt/read/fifo", F_OK) == 0)
		hold(BOUND_PIPE, "/mnt/read/fifo", O_RDWR);
}

void forms_prepare(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	while (list[form_count].group != NULL)
		form_count++;
	add_limits();
	add_host();
	memcpy(pages + 4096 - 16, "file", 5);
	add("bad", "ends in time", pages + 4096 - 16);
	memcpy(pages + 4096 - 4, "file", 4);
	mprotect(pages + 4096, 4096, PROT_NONE);
	add("bad", "no end", pages + 4096 - 4);
	hold_all();
}
