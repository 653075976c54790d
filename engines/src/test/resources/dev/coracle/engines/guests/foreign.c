/* What a program sees of itself and starts, be it run by the processor or by an
 * emulator. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void self(int count, char **words)
{
	char link[4096] = "";
	struct stat status;

	printf("%d:", count);
	for (int i = 0; i < count; i++)
		printf(" [%s]", words[i]);
	printf(" exe %s",
		readlink("/proc/self/exe", link, sizeof(link) - 1) > 0 ? link : strerror(errno));
	printf(" of %s", stat("/proc/self/exe", &status) == 0 && status.st_size > 8192 ? "a program"
										       : "nothing");
	/* Emulators have names of their own for what is started in an odd way. */
	if (count > 1 && strcmp(words[1], "a word") != 0)
		printf(" called %s", (char *)getauxval(AT_EXECFN));
	printf(" WORD=%s\n", getenv("WORD"));
	fflush(stdout);
}

/* Runs `execute` in a child, and tells how it ended. */
static void child(
	const char *what, void (*execute)(const char *, char **), const char *path, char **words)
{
	int status;
	pid_t process;

	printf("%s: ", what);
	fflush(stdout);
	process = fork();
	if (process == 0) {
		execute(path, words);
		printf("%s\n", strerror(errno));
		fflush(stdout);
		_exit(9);
	}
	waitpid(process, &status, 0);
	printf("  %s %d\n", WIFEXITED(status) ? "exit" : "signal",
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

static void by_path(const char *path, char **words)
{
	execv(path, words);
}

static void by_search(const char *path, char **words)
{
	setenv("PATH", "/usr/bin:/work", 1);
	execvp(path, words);
}

static void by_descriptor(const char *path, char **words)
{
	fexecve(open(path, O_RDONLY | O_CLOEXEC), words, environ);
}

static void with_environment(const char *path, char **words)
{
	char *variables[] = {"WORD=other", NULL};

	execve(path, words, variables);
}

static void *thread(void *argument)
{
	*(int *)argument += 1;
	return argument;
}

static volatile sig_atomic_t caught;

static void handler(int signal)
{
	caught = signal;
}

static void look_around(void)
{
	char line[256] = "";
	pthread_t other;
	int number = 41;
	FILE *file = fopen("/etc/debian_version", "r");

	printf("debian %s",
		file != NULL && fgets(line, sizeof(line), file) != NULL ? line : "not there\n");
	printf("host: %s\n", access(getenv("HOST_ONLY"), F_OK) == 0 ? "LEAKED" : strerror(errno));
	printf("link: %d", symlink("/etc/passwd", "/work/link"));
	printf(" %d\n", access("/work/link", R_OK));
	printf("cwd: %s\n", getcwd(line, sizeof(line)));
	pthread_create(&other, NULL, thread, &number);
	pthread_join(other, NULL);
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	printf("thread: %d, signal: %d\n", number, caught == SIGUSR1);
	fflush(stdout);
}

int main(int count, char **words)
{
	self(count, words);
	if (count == 1 || strcmp(words[1], "all") != 0)
		return count + 40;
	look_around();
	child("path", by_path, "/work/foreign",
		(char *[]){"/work/foreign", "one", "", "-two", NULL});
	child("another name", by_path, "/work/foreign", (char *[]){"-0", "x", NULL});
	child("relative", by_path, "./foreign", (char *[]){"f", NULL});
	child("like an option", by_path, "-foreign", (char *[]){"f", NULL});
	child("itself", by_path, "/proc/self/exe", (char *[]){"again", NULL});
	child("search", by_search, "foreign", (char *[]){"foreign", NULL});
	child("descriptor", by_descriptor, "/work/foreign", (char *[]){"foreign", NULL});
	child("script", by_path, "/work/script.foreign", (char *[]){"ignored", "given", NULL});
	child("environment", with_environment, "/work/foreign", (char *[]){"foreign", NULL});
	child("native", by_path, "/bin/sh",
		(char *[]){"sh", "-c", "echo $0 $WORD; exec /work/foreign back", NULL});
	child("dynamic", by_path, "/work/dynamic", (char *[]){"dynamic", "linked", NULL});
	child("not there", by_path, "/work/none", (char *[]){"none", NULL});
	child("no program", by_path, "/etc/passwd", (char *[]){"passwd", NULL});
	child("a directory", by_path, "/work", (char *[]){"work", NULL});
	return 3;
}
