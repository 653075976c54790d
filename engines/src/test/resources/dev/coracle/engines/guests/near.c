/* Absolute paths, used again and again from the root, from a directory that has
 * other files by the same names, and while somebody goes from one to the other:
 * this thread, another, a handler, a child. Only the right ones may be found. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

enum { STACK = 65536, TIMES = 200 };

#define DECOY "/work/decoy"

static int decoy;
static const char *self;

static void put(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || write(file, text, strlen(text)) < 0)
		perror(path);
	close(file);
}

static void prepare(void)
{
	mkdir(DECOY, 0755);
	mkdir(DECOY "/work", 0755);
	put("/work/file", "right");
	put(DECOY "/work/file", "not this one");
	symlink("right", "/work/link");
	symlink("wrong", DECOY "/work/link");
	put("/work/only", "");
	put(DECOY "/work/none", "");
}

static int opens_wrong(void)
{
	char text[32] = "";
	int file = open("/work/file", O_RDONLY | O_CLOEXEC);

	if (file < 0 || read(file, text, sizeof(text) - 1) < 0)
		return 1;
	close(file);
	return strcmp(text, "right") != 0;
}

static int links_wrong(void)
{
	char text[32] = "";

	return readlink("/work/link", text, sizeof(text) - 1) != 5 || strcmp(text, "right") != 0;
}

/* How many of these are answered wrongly. */
static int wrong(void)
{
	struct stat status;
	int count = 0;

	count += stat("/work/file", &status) < 0 || status.st_size != 5;
	count += stat("/work/none", &status) == 0;
	count += lstat("/work/link", &status) < 0 || !S_ISLNK(status.st_mode);
	count += access("/work/only", F_OK) < 0;
	count += access("/work/none", F_OK) == 0;
	count += faccessat(decoy, "/work/only", F_OK, 0) < 0;
	count += fstatat(decoy, "/work/file", &status, 0) < 0 || status.st_size != 5;
	count += open("/work/none", O_RDONLY | O_CLOEXEC) >= 0;
	return count + opens_wrong() + links_wrong();
}

static void swap(void)
{
	if (chdir(DECOY) < 0 || chdir("/") < 0)
		perror("chdir");
}

static void alone(void)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int count = 0;

	for (int i = 0; i < TIMES; i++) {
		chdir("/");
		count += wrong() + wrong();
		chdir(DECOY);
		count += wrong();
		fchdir(root);
		count += wrong();
		fchdir(decoy);
		count += wrong();
		chdir("work");
		count += wrong();
	}
	printf("alone: %d wrong\n", count);
}

static volatile int enough;

static void *goes(void *unused)
{
	(void)unused;
	while (!enough)
		swap();
	return NULL;
}

static void beside_a_thread(void)
{
	pthread_t thread;
	int count = 0;

	chdir("/");
	for (int i = 0; i < TIMES; i++)
		count += wrong();
	pthread_create(&thread, NULL, goes, NULL);
	for (int i = 0; i < 5 * TIMES; i++)
		count += wrong();
	enough = 1;
	pthread_join(thread, NULL);
	printf("beside a thread: %d wrong\n", count);
}

static void on_alarm(int signal)
{
	static int where;

	(void)signal;
	where = !where;
	if (chdir(where ? DECOY : "/") < 0)
		_exit(9);
}

static void between_signals(void)
{
	struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
	struct itimerval often = {.it_interval = {.tv_usec = 1000}, .it_value = {.tv_usec = 1000}};
	struct itimerval never = {.it_value = {.tv_sec = 0}};
	int count = 0;

	chdir("/");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 5 * TIMES; i++)
		count += wrong();
	setitimer(ITIMER_REAL, &never, NULL);
	printf("between signals: %d wrong\n", count);
}

static volatile int *done;

static int goes_for_long(void *unused)
{
	(void)unused;
	while (*done == 0)
		swap();
	return 0;
}

static pid_t make(int flags, int (*run)(void *))
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = clone(run, stack + STACK, flags | SIGCHLD, NULL);

	if (pid < 0)
		perror("clone");
	return pid;
}

static int look_long(void)
{
	int count = 0;

	for (int i = 0; i < 5 * TIMES; i++)
		count += wrong();
	return count;
}

static void beside(const char *what, int flags)
{
	int count;
	pid_t pid;

	chdir("/");
	count = look_long();
	*done = 0;
	pid = make(flags, goes_for_long);
	count += look_long();
	*done = 1;
	waitpid(pid, NULL, 0);
	printf("%s: %d wrong\n", what, count);
}

static void beside_children(void)
{
	beside("beside a child that has the directory", CLONE_FS);
}

static void beside_children_on_memory(void)
{
	beside("beside a child that has the memory", CLONE_VM);
}

static int becomes_another(void *unused)
{
	(void)unused;
	execl(self, self, "looks", (char *)NULL);
	return 8;
}

/* The child knows nothing of whom it shares its directory with. */
static void beside_another_program(void)
{
	int status = -1;
	pid_t pid;

	chdir("/");
	fflush(stdout);
	pid = make(CLONE_FS, becomes_another);
	while (waitpid(pid, &status, WNOHANG) == 0)
		swap();
	printf("another program ended with %#x\n", (unsigned)status);
}

static void (*const steps[])(void) = {alone, beside_a_thread, between_signals, beside_children,
	beside_children_on_memory, beside_another_program};

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc == 1)
		prepare();
	decoy = open(DECOY, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (argc > 1) {
		printf("as another program: %d wrong\n", look_long());
		return 0;
	}
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	each_apart(steps, sizeof(steps) / sizeof(steps[0]));
	return 0;
}
