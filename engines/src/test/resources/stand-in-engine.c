/* Speaks the engine's command line and status file, but runs the command on the host: no tree, no translation. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *envs[4096];
static int env_count;
static char marker[128];

static pid_t child;

static void pass_on(int signal)
{
	kill(child, signal);
}

static int say(const char *file, const char *what, int number, const char *text)
{
	FILE *out = fopen(file, "w");
	if (!out)
		return 125;
	fprintf(out, "%s %d%s%s\n", what, number, *text ? " " : "", text);
	fclose(out);
	return number;
}

int main(int argc, char **argv)
{
	const char *status = "/dev/null";
	char *path = "PATH=/usr/bin:/bin";
	int i = 2;
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--env=", 6) == 0)
			envs[env_count++] = argv[i] + 6;
		else if (strncmp(argv[i], "--run-id=", 9) == 0)
			snprintf(marker, sizeof marker, "CORACLE_ENGINE=%s:stand-in", argv[i] + 9);
		else if (strncmp(argv[i], "--status=", 9) == 0)
			status = argv[i] + 9;
		else if (strncmp(argv[i], "--cwd=", 6) == 0 && chdir(argv[i] + 6) != 0)
			return say(status, "error", 126, "no such directory");
	}
	/* As the engine does: a status that is not empty says that the command may have run. */
	FILE *room = fopen(status, "w");
	if (!room || fputs("\n\n\n\n", room) < 0 || fclose(room) != 0)
		return 125;
	envs[env_count++] = marker;
	putenv(path);
	int report[2];
	if (pipe2(report, 02000000) != 0)
		return 125;
	/* Nothing that comes before there is a child is lost. */
	sigset_t term;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	child = fork();
	if (child == 0) {
		sigprocmask(SIG_UNBLOCK, &term, NULL);
		execvpe(argv[i + 1], argv + i + 1, envs);
		int error = errno;
		ssize_t written = write(report[1], &error, sizeof error);
		_exit(written > 0 ? 127 : 125);
	}
	signal(SIGTERM, pass_on);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	close(report[1]);
	int error = 0;
	int failed = read(report[0], &error, sizeof error) > 0;
	int result;
	while (waitpid(child, &result, 0) < 0 && errno == EINTR)
		;
	if (failed) {
		fprintf(stderr, "coracle-engine: %s: %s\n", argv[i + 1], strerror(error));
		return say(status, "error", error == ENOENT ? 127 : 126, strerror(error));
	}
	if (WIFSIGNALED(result))
		return 128 + say(status, "signal", WTERMSIG(result), "");
	return say(status, "exit", WEXITSTATUS(result), "");
}
