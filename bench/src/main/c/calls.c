/*
 * Times system calls from inside a guest, and whole commands from outside; prints nanoseconds.
 *   calls CALL PATH COUNT      per call, see the table below; it may fail only where that is what
 * is measured calls spawn COUNT CMD...   per start of CMD until its end; CMD's output goes to
 * /dev/null calls private 1 CMD...     KiB that CMD has for itself alone when it has written its
 * first byte
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void do_stat(const char *path, int file)
{
	struct stat status;

	(void)file;
	(void)!stat(path, &status);
}

static void do_open(const char *path, int file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	(void)file;
	if (fd < 0)
		fail(path);
	close(fd);
}

static void do_readlink(const char *path, int file)
{
	char text[4096];

	(void)file;
	if (readlink(path, text, sizeof(text)) < 0)
		fail(path);
}

/* The call itself: the C library would ask again where it is not content. */
static void do_getcwd(const char *path, int file)
{
	char text[4096];

	(void)file;
	if (syscall(SYS_getcwd, text, sizeof(text)) < 0)
		fail(path);
}

static void do_read(const char *path, int file)
{
	char byte;

	if (read(file, &byte, 1) < 0)
		fail(path);
}

static void do_write(const char *path, int file)
{
	if (write(file, "x", 1) < 0)
		fail(path);
}

/* A call that no engine has a reason to look at. */
static void do_other(const char *path, int file)
{
	(void)path;
	(void)file;
	syscall(SYS_times, NULL);
}

/* No call at all: a million steps of a generator of numbers. */
static void do_reckon(const char *path, int file)
{
	unsigned long number = (unsigned long)file;

	(void)path;
	for (int i = 0; i < 1000000; i++)
		number = number * 6364136223846793005UL + 1442695040888963407UL;
	__asm__ volatile("" : : "r"(number));
}

/* `before` is what the file at PATH is opened with, or -1; a directory is made the current one. */
static const struct call {
	const char *name;
	void (*call)(const char *path, int file);
	int before;
} calls[] = {
	{"stat", do_stat, -1},
	{"open", do_open, -1},
	{"readlink", do_readlink, -1},
	{"getcwd", do_getcwd, O_RDONLY | O_DIRECTORY},
	{"read", do_read, O_RDONLY},
	{"write", do_write, O_WRONLY},
	{"other", do_other, -1},
	{"reckon", do_reckon, -1},
};

static const struct call *find_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	}
	return NULL;
}

static int prepare(const struct call *call, const char *path)
{
	int file = call->before < 0 ? -1 : open(path, call->before | O_CLOEXEC);

	if (call->before >= 0 && file < 0)
		fail(path);
	if (file >= 0 && (call->before & O_DIRECTORY) != 0 && fchdir(file) < 0)
		fail(path);
	return file;
}

static void spawn(char **command)
{
	posix_spawn_file_actions_t actions;
	int status = 0;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, command[0], &actions, NULL, command, environ) != 0) {
		fprintf(stderr, "calls: cannot start %s\n", command[0]);
		exit(1);
	}
	waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "calls: %s ended with status %#x\n", command[0], (unsigned)status);
		exit(1);
	}
}

static long private_memory(pid_t pid)
{
	char name[64];
	char line[256];
	long sum = 0;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/smaps_rollup", (int)pid);
	file = fopen(name, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		long kib;

		if (sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			sum += kib;
	}
	if (file == NULL)
		perror(name);
	else
		fclose(file);
	return sum;
}

/* CMD reads a line after it has written something, so it waits until its input ends. */
static int look_at(char **command)
{
	posix_spawn_file_actions_t actions;
	int input[2], output[2];
	int status = 0;
	char byte;
	pid_t pid;

	if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
		return 1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
	if (posix_spawnp(&pid, command[0], &actions, NULL, command, environ) != 0)
		return 1;
	close(output[1]);
	if (read(output[0], &byte, 1) != 1)
		return 1;
	printf("%ld\n", private_memory(pid));
	close(input[1]);
	waitpid(pid, &status, 0);
	return status == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct call *call;
	bool spawns;
	long count;
	int file;
	double start;

	if (argc < 4) {
		fprintf(stderr, "usage: calls CALL PATH COUNT, calls spawn|private COUNT CMD...\n");
		return 2;
	}
	if (strcmp(argv[1], "private") == 0)
		return look_at(argv + 3);
	spawns = strcmp(argv[1], "spawn") == 0;
	call = find_call(argv[1]);
	if (!spawns && call == NULL) {
		fprintf(stderr, "calls: no such call: %s\n", argv[1]);
		return 2;
	}
	count = atol(spawns ? argv[2] : argv[3]);
	file = spawns ? -1 : prepare(call, argv[2]);
	start = now();
	for (long i = 0; i < count; i++) {
		if (spawns)
			spawn(argv + 3);
		else
			call->call(argv[2], file);
	}
	printf("%.0f\n", (now() - start) / (double)count);
	return 0;
}
