/*
 * Random operations on random paths, the same for the same seed: names are few, so that they meet; links lead anywhere, above the root
 * and into themselves; directories move while they are the working directory or open. Prints what each call answers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_MOST = 400, OPEN_MOST = 6 };

static unsigned long long state;
static int opened[OPEN_MOST];

static unsigned pick(unsigned below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % below;
}

/* A few components, some of which are not what they seem. */
static const char *path(char *into)
{
	static const char *const starts[] = {"", "", "", "/work/", "/work/", "/", "../", "./", "//work//", "/proc/self/cwd/",
		"/proc/self/root/work/", "/work/../work/"};
	static const char *const names[] = {"a", "b", "c", "d", "a", "b", "link", "other", "..", ".", "a/b", "link/..",
		"none", "", "b/../c", "link/link"};
	unsigned count = 1 + pick(4);

	strcpy(into, starts[pick(sizeof(starts) / sizeof(starts[0]))]);
	for (unsigned i = 0; i < count; i++) {
		strcat(into, names[pick(sizeof(names) / sizeof(names[0]))]);
		if (i + 1 < count || pick(8) == 0)
			strcat(into, "/");
	}
	return into;
}

static int directory(void)
{
	return pick(3) == 0 ? opened[pick(OPEN_MOST)] : AT_FDCWD;
}

static void say(const char *call, const char *first, const char *second, long result)
{
	printf("%s %s %s: %s\n", call, first, second, result < 0 ? strerrorname_np(errno) : "0");
}

static void make(char *one, char *two)
{
	switch (pick(7)) {
	case 0:
	case 1:
		say("mkdirat", path(one), "", mkdirat(directory(), one, 0755));
		break;
	case 2:
	case 3:
		path(one);
		say("symlinkat", one, path(two), symlinkat(one, directory(), two));
		break;
	case 4:
		path(one);
		say("linkat", one, path(two), linkat(directory(), one, directory(), two, pick(2) ? AT_SYMLINK_FOLLOW : 0));
		break;
	case 5:
		say("mknodat", path(one), "", mknodat(directory(), one, S_IFIFO | 0600, 0));
		break;
	default:
		say("truncate", path(one), "", truncate(one, pick(100)));
	}
}

static void take_away(char *one, char *two)
{
	switch (pick(4)) {
	case 0:
		say("unlinkat", path(one), "", unlinkat(directory(), one, 0));
		break;
	case 1:
		say("rmdir", path(one), "", unlinkat(directory(), one, AT_REMOVEDIR));
		break;
	default:
		path(one);
		say("renameat2", one, path(two),
			syscall(SYS_renameat2, directory(), one, directory(), two, pick(5) == 0 ? 1 + pick(2) : 0));
	}
}

static void open_one(char *one)
{
	static const int flags[] = {O_RDONLY, O_RDONLY | O_DIRECTORY, O_PATH, O_PATH | O_NOFOLLOW, O_RDWR | O_CREAT,
		O_RDWR | O_CREAT | O_EXCL, O_RDONLY | O_NOFOLLOW, O_WRONLY | O_TRUNC, O_RDONLY | O_DIRECTORY | O_NOFOLLOW};
	int chosen = flags[pick(sizeof(flags) / sizeof(flags[0]))];
	int file = openat(directory(), path(one), chosen | O_CLOEXEC | O_NONBLOCK, 0644);
	struct stat status;
	unsigned slot = pick(OPEN_MOST);

	say("openat", one, "", file);
	if (file < 0)
		return;
	if (fstat(file, &status) == 0)
		printf(" is %o, %ld links\n", status.st_mode & S_IFMT, (long)status.st_nlink);
	close(opened[slot]);
	opened[slot] = file;
}

static void look_at(char *one)
{
	char text[4096];
	struct stat status;
	long length;
	int flags = pick(2) ? AT_SYMLINK_NOFOLLOW : 0;
	long result = fstatat(directory(), path(one), &status, flags | (pick(4) ? 0 : AT_EMPTY_PATH));

	say("fstatat", one, flags ? "nofollow" : "", result);
	if (result == 0)
		printf(" is %o, %ld bytes\n", status.st_mode, S_ISDIR(status.st_mode) ? 0L : (long)status.st_size);
	length = readlinkat(directory(), path(one), text, sizeof(text));
	say("readlinkat", one, "", length);
	if (length >= 0)
		printf(" is %.*s\n", (int)length, text);
	say("faccessat", path(one), "", faccessat(directory(), one, F_OK, 0));
}

static void go(char *one)
{
	char text[4096];

	if (pick(3) == 0)
		say("fchdir", "", "", fchdir(opened[pick(OPEN_MOST)]));
	else
		say("chdir", path(one), "", chdir(one));
	printf(" in %s\n", getcwd(text, sizeof(text)) ? text : strerrorname_np(errno));
	if (pick(4) == 0)
		say("chdir", "/work", "", chdir("/work"));
}

int main(int count, char **arguments)
{
	char one[PATH_MOST];
	char two[PATH_MOST];

	state = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
	for (int i = 0; i < OPEN_MOST; i++)
		opened[i] = open("/work", O_RDONLY | O_DIRECTORY);
	for (int round = 0; round < 4000; round++) {
		unsigned kind = pick(16);

		if (kind < 5)
			make(one, two);
		else if (kind < 7)
			take_away(one, two);
		else if (kind < 10)
			open_one(one);
		else if (kind < 15)
			look_at(one);
		else
			go(one);
	}
	return 0;
}
