/*
 * Times system calls from inside a guest, and whole commands from outside; prints nanoseconds.
 *   calls stat PATH COUNT      per stat(PATH), which may fail
 *   calls open PATH COUNT      per open(PATH) and close
 *   calls spawn COUNT CMD...   per start of CMD until its end; CMD's output goes to /dev/null
 */
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

int main(int argc, char **argv)
{
	long count;
	double start;

	if (argc < 4) {
		fprintf(stderr, "usage: calls stat|open PATH COUNT, calls spawn COUNT CMD...\n");
		return 2;
	}
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
