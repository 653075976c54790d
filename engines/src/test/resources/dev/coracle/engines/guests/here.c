/* The working directory's name, asked for again and again while it changes by
 * every way: here, in threads, in children that share it or only the memory,
 * and under the hands of others. Each is waited for, so one answer is right. */
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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

enum { STACK = 65536, TIMES = 200 };

/* Room behind the answer shows that nothing more is written. */
static void say(const char *what)
{
	char where[300];
	long length;

	memset(where, '-', sizeof(where));
	where[sizeof(where) - 1] = '\0';
	length = syscall(SYS_getcwd, where, sizeof(where));
	printf("%s: %ld %s\n", what, length, length < 0 ? strerror(errno) : where);
}

static void go(const char *path)
{
	if (chdir(path) < 0)
		printf("%s: %s\n", path, strerror(errno));
}

/* The first answer is asked for, and the second may be remembered. */
static void say_twice(const char *what)
{
	say(what);
	say(what);
}

static void by_oneself(void)
{
	int root = open("/", O_PATH | O_DIRECTORY);
	int here = open(".", O_RDONLY | O_DIRECTORY);
	char small[8];

	say_twice("where it begins");
	go("deep/er");
	say_twice("chdir");
	go("..");
	say("chdir, up");
	printf("fchdir %d\n", fchdir(root));
	say_twice("fchdir");
	printf("fchdir %d\n", fchdir(here));
	say("fchdir, back");
	printf("fchdir %d\n", fchdir(-1));
	go("none");
	say("after failures");
	printf("too small %ld\n", syscall(SYS_getcwd, small, 5L));
	printf("no room %ld\n", syscall(SYS_getcwd, NULL, 300L));
	close(root);
	close(here);
}

static int child(void *path)
{
	go(path);
	return 0;
}

static int child_that_looks(void *path)
{
	say("in the child, before");
	go(path);
	say("in the child, behind");
	fflush(stdout);
	return 0;
}

static void make(const char *what, int flags, int (*run)(void *), const char *path)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	say(what);
	fflush(stdout);
	pid = clone(run, stack + STACK, flags | SIGCHLD, (void *)path);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		printf("%s: %s\n", what, strerror(errno));
	say_twice(what);
}

static void in_fork(void)
{
	make("a fork's child goes", 0, child_that_looks, "/usr");
}

static void on_same_memory(void)
{
	make("a child on the same memory", CLONE_VM | CLONE_VFORK, child_that_looks, "/usr");
	make("one more", CLONE_VM | CLONE_VFORK, child, "/usr/lib");
}

static void in_same_directory(void)
{
	make("a child with the same directory", CLONE_FS, child, "/usr/bin");
	make("one more", CLONE_FS, child, "/usr/lib");
}

static void on_same_memory_for_long(void)
{
	make("a child on the same memory, not waited for", CLONE_VM, child, "/usr");
	make("one more", CLONE_VM, child_that_looks, "/usr/lib");
}

static void with_both(void)
{
	make("a child with both", CLONE_VM | CLONE_FS, child, "/work/deep");
}

static void *goes(void *path)
{
	go(path);
	return NULL;
}

static void *goes_alone(void *path)
{
	if (unshare(CLONE_FS) < 0)
		perror("unshare");
	go(path);
	say_twice("alone");
	return NULL;
}

static void in_thread(const char *what, void *(*run)(void *), const char *path)
{
	pthread_t thread;

	say(what);
	pthread_create(&thread, NULL, run, (void *)path);
	pthread_join(thread, NULL);
	say_twice(what);
}

static void in_threads(void)
{
	in_thread("a thread goes", goes, "/usr/lib");
	in_thread("a thread goes back", goes, "/work");
	in_thread("a thread goes alone", goes_alone, "/usr/bin");
	in_thread("a thread goes", goes, "/usr/lib");
}

static void rename_in_child(const char *from, const char *to)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(rename(from, to) < 0);
	waitpid(pid, NULL, 0);
}

/* At once after each change, long before anything would be too old to count. */
static void by_others(void)
{
	char where[300];
	int wrong = 0;

	go("/work/deep/er");
	for (int i = 0; i < TIMES; i++) {
		const char *now = i % 2 == 0 ? "/work/other" : "/work/deep";

		rename_in_child(i % 2 == 0 ? "/work/deep" : "/work/other", now);
		for (int j = 0; j < 3; j++) {
			if (syscall(SYS_getcwd, where, sizeof(where)) < 0 ||
				strncmp(where, now, strlen(now)) != 0)
				wrong++;
		}
	}
	printf("renamed: %d wrong\n", wrong);
	say("renamed");
	rmdir("/work/deep/er");
	say_twice("removed");
	mkdir("/work/deep/er", 0755);
	say_twice("made again");
	go("/work");
	say_twice("left");
}

static volatile int enough;

static void *renames(void *unused)
{
	(void)unused;
	while (!enough) {
		rename("/work/deep", "/work/other");
		rename("/work/other", "/work/deep");
	}
	return NULL;
}

/* It may have either name, and after the thread has ended just one. */
static void meanwhile(void)
{
	pthread_t thread;
	char where[300];
	int wrong = 0;

	go("/work/deep/er");
	pthread_create(&thread, NULL, renames, NULL);
	for (int i = 0; i < 20 * TIMES; i++) {
		if (syscall(SYS_getcwd, where, sizeof(where)) < 0 ||
			(strcmp(where, "/work/deep/er") != 0 && strcmp(where, "/work/other/er") != 0))
			wrong++;
	}
	enough = 1;
	pthread_join(thread, NULL);
	printf("renamed meanwhile: %d wrong\n", wrong);
	say_twice("then");
}

static void (*const steps[])(void) = {by_oneself, by_others, meanwhile, in_threads, in_fork,
	on_same_memory, in_same_directory, on_same_memory_for_long, with_both};

int main(void)
{
	mkdir("/work/deep", 0755);
	mkdir("/work/deep/er", 0755);
	each_apart(steps, sizeof(steps) / sizeof(steps[0]));
	return 0;
}
