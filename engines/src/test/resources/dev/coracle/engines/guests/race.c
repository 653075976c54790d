/*
 * A thread exchanges a directory and a link all the time: the link's text is a directory of the host. Others use paths through that
 * name, to a file that only the host has. Whatever they see, it is never that file. Arguments: a time in milliseconds, and one
 * of the ways below, or all of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static volatile int over;
static const char *only; /* one of the ways, or all of them */
static char *name;	/* of the host's file, in its directory */
static char through[4200]; /* the same file, by way of what is exchanged */
static char made[4200];

static void *exchange(void *unused)
{
	(void)unused;
	while (!over)
		syscall(SYS_renameat2, AT_FDCWD, "/work/race/x", AT_FDCWD, "/work/race/y", RENAME_EXCHANGE);
	return NULL;
}

/* The directory that a process works in moves, too. */
static void *move(void *unused)
{
	(void)unused;
	while (!over) {
		rename("/work/race/deep/a/b", "/work/race/b");
		rename("/work/race/b", "/work/race/deep/a/b");
	}
	return NULL;
}

static long opened(int file)
{
	if (file >= 0)
		close(file);
	return file;
}

/* A name that nothing has yet, beside the host's file: whoever runs this looks there afterwards. */
static const char *fresh(void)
{
	static char path[4200];
	static int number;

	snprintf(path, sizeof(path), "/work/race/x/made-%d", number++);
	return path;
}

static long by_open(void)
{
	return opened(open(through, O_RDONLY));
}

static long by_open_path(void)
{
	return opened(open(through, O_PATH | O_NOFOLLOW));
}

static long by_creat(void)
{
	opened(open(fresh(), O_WRONLY | O_CREAT | O_EXCL, 0600));
	return -1;
}

static long by_stat(void)
{
	struct stat status;

	return stat(through, &status);
}

static long by_lstat(void)
{
	struct stat status;

	return lstat(through, &status);
}

static long by_statx(void)
{
	struct statx status;

	return statx(AT_FDCWD, through, 0, STATX_ALL, &status);
}

static long by_access(void)
{
	return access(through, F_OK);
}

static long by_readlink(void)
{
	char text[64];

	return readlink(through, text, sizeof(text)) < 0 && errno == EINVAL ? 0 : -1;
}

static long by_chmod(void)
{
	return chmod(through, 0644);
}

static long by_chown(void)
{
	return chown(through, 0, 0);
}

static long by_times(void)
{
	return utimensat(AT_FDCWD, through, NULL, 0);
}

static long by_truncate(void)
{
	return truncate(through, 100);
}

static long by_link(void)
{
	long result = link(through, "/work/race/got");

	unlink("/work/race/got");
	return result;
}

static long by_xattr(void)
{
	char value[16];

	return getxattr(through, "user.none", value, sizeof(value)) < 0 && errno == ENODATA ? 0 : -1;
}

static long by_mkdir(void)
{
	mkdir(fresh(), 0700);
	return -1;
}

static long by_rmdir(void)
{
	return rmdir(through) < 0 && errno == ENOTDIR ? 0 : -1;
}

static long by_unlink(void)
{
	return unlink(through);
}

static long by_symlink(void)
{
	symlink("text", fresh());
	return -1;
}

static long by_chdir(void)
{
	return chdir(through) < 0 && errno == ENOTDIR ? 0 : -1;
}

static long by_watch(void)
{
	static int notify = -1;

	if (notify < 0)
		notify = inotify_init1(IN_CLOEXEC);
	return inotify_add_watch(notify, through, IN_MODIFY);
}

static long by_mknod(void)
{
	mknod(fresh(), S_IFIFO | 0600, 0);
	return -1;
}

static long by_bind(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, fresh());
	bind(file, (struct sockaddr *)&address, sizeof(address));
	close(file);
	return -1;
}

static long by_link_to(void)
{
	link("/work/race/source", fresh());
	return -1;
}

static long by_rename(void)
{
	const char *to = fresh();

	return rename(through, to) < 0 && errno != EXDEV ? -1 : 0;
}

static long by_execve(void)
{
	char *const none[] = {NULL};

	execve(through, none, none);
	return errno == EACCES || errno == ENOEXEC ? 0 : -1;
}

static long by_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long result = -1;

	if (strlen(through) < sizeof(address.sun_path)) {
		strcpy(address.sun_path, through);
		connect(file, (struct sockaddr *)&address, sizeof(address));
		result = errno == ECONNREFUSED ? 0 : -1;
	}
	close(file);
	return result;
}

/* Above the working directory, while it moves to where fewer steps lead out. */
static long by_steps_up(void)
{
	static char up[8500];

	if (up[0] == '\0')
		snprintf(up, sizeof(up), "../../../../../..%s/%s", made, name);
	return opened(open(up, O_RDONLY));
}

static void *use(void *milliseconds)
{
	static const struct {
		const char *name;
		long (*sees)(void);
	} ways[] = {{"open", by_open}, {"O_PATH", by_open_path}, {"O_CREAT", by_creat}, {"stat", by_stat},
		{"lstat", by_lstat}, {"statx", by_statx}, {"access", by_access}, {"readlink", by_readlink},
		{"chmod", by_chmod}, {"chown", by_chown}, {"utimensat", by_times}, {"truncate", by_truncate},
		{"link", by_link}, {"getxattr", by_xattr}, {"mkdir", by_mkdir}, {"rmdir", by_rmdir}, {"unlink", by_unlink},
		{"symlink", by_symlink}, {"chdir", by_chdir}, {"inotify", by_watch}, {"rename", by_rename},
		{"execve", by_execve}, {"connect", by_connect}, {"mknod", by_mknod}, {"bind", by_bind}, {"link to", by_link_to}, {"..", by_steps_up}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (only != NULL && strcmp(only, ways[i].name) != 0)
			continue;
		struct timespec begin;
		struct timespec now;
		long seen = 0;
		long left = *(long *)milliseconds;

		clock_gettime(CLOCK_MONOTONIC, &begin);
		do {
			for (int round = 0; round < 50; round++)
				seen += ways[i].sees() >= 0;
			clock_gettime(CLOCK_MONOTONIC, &now);
		} while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < left);
		printf("%s: %s\n", ways[i].name, seen == 0 ? "never" : "SEEN");
	}
	return NULL;
}

int main(int count, char **arguments)
{
	long milliseconds = count > 1 ? atol(arguments[1]) : 100;
	char *host = getenv("HOST_ONLY");
	pthread_t threads[2];

	only = count > 2 ? arguments[2] : NULL;
	name = strdup(basename(strdup(host)));
	strcpy(made, dirname(strdup(host)));
	mkdir("/work/race", 0700);
	mkdir("/work/race/x", 0700);
	mkdir("/work/race/deep", 0700);
	mkdir("/work/race/deep/a", 0700);
	mkdir("/work/race/deep/a/b", 0700);
	symlink(made, "/work/race/y");
	close(open("/work/race/source", O_CREAT | O_WRONLY, 0600));
	snprintf(through, sizeof(through), "/work/race/x/%s", name);
	if (chdir("/work/race/deep/a/b") < 0)
		return 1;
	pthread_create(&threads[0], NULL, exchange, NULL);
	pthread_create(&threads[1], NULL, move, NULL);
	use(&milliseconds);
	over = 1;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	/* What was made in the directory of the tree is of no interest. */
	chdir("/work");
	return 0;
}
