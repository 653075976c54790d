/*
 * Times system calls from inside a guest, and whole commands from outside; prints nanoseconds.
 *   calls stat PATH COUNT      per stat(PATH), which may fail
 *   calls open PATH COUNT      per open(PATH) and close
 *   calls spawn COUNT CMD...   per start of CMD until its end; CMD's output goes to /dev/null
 *   calls private 1 CMD...     KiB that CMD has for itself alone when it has written its first byte
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static void do_stat(const char *path)
{
	struct stat status;

	(void)!stat(path, &status);
}

static void do_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
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
	long count;
	double start;

	if (argc < 4) {
		fprintf(stderr, "usage: calls stat|open PATH COUNT, calls spawn|private COUNT CMD...\n");
		return 2;
	}
	if (strcmp(argv[1], "private") == 0)
		return look_at(argv + 3);
	count = atol(strcmp(argv[1], "spawn") == 0 ? argv[2] : argv[3]);
	start = now();
	for (long i = 0; i < count; i++) {
		if (strcmp(argv[1], "stat") == 0)
			do_stat(argv[2]);
		else if (strcmp(argv[1], "open") == 0)
			do_open(argv[2]);
		else
			spawn(argv + 3);
	}
	printf("%.0f\n", (now() - start) / (double)count);
	return 0;
}
