/*
 * One guest, linked several ways: paths, directories, links, children, threads, signals, sockets. Prints what it sees.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

static void say(const char *what, long value)
{
	printf("%s: %s\n", what, value < 0 ? strerror(errno) : "ok");
}

static void *in_thread(void *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? path : NULL;
}

static void files(void)
{
	char text[256] = "";
	struct stat st;
	struct dirent *entry;
	int names = 0;

	say("mkdir", mkdir("dir", 0750));
	int fd = open("dir/file", O_CREAT | O_EXCL | O_WRONLY, 0640);

	say("open", fd);
	say("write", write(fd, "hello\n", 6));
	say("close", close(fd));
	say("symlink", symlink("/work/dir/file", "absolute"));
	say("readlink", readlink("absolute", text, sizeof(text) - 1));
	printf("link body: %s\n", text);
	say("stat", stat("absolute", &st));
	printf("mode %o size %ld\n", (unsigned)st.st_mode, (long)st.st_size);
	say("rename", rename("dir/file", "dir/renamed"));
	say("stat dangling", stat("absolute", &st));
	say("link", link("dir/renamed", "hard"));
	say("chdir", chdir("dir"));
	printf("cwd: %s\n", getcwd(text, sizeof(text)) ? text : strerror(errno));
	say("chdir ..", chdir(".."));
	say("realpath", realpath("/proc/self/exe", NULL) ? 0 : -1);
	memset(text, 0, sizeof(text));
	say("readlink exe", readlink("/proc/self/exe", text, sizeof(text) - 1));
	printf("exe: %s\n", text);
	DIR *root = opendir("/opt/guests/..");

	while (root && (entry = readdir(root)))
		names += strcmp(entry->d_name, "guests") == 0;
	printf("names: %d\n", names);
	say("host file", getenv("HOST_ONLY") ? access(getenv("HOST_ONLY"), F_OK) : -1);
}

static void children(char *self)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(7);
	waitpid(pid, &status, 0);
	printf("fork: %d\n", WEXITSTATUS(status));
	char *echo[] = {"/bin/echo", "spawned", NULL};

	fflush(stdout);
	printf("spawn: %d\n", posix_spawn(&pid, echo[0], NULL, NULL, echo, environ));
	waitpid(pid, &status, 0);
	printf("status: %d\n", status);
	pid = fork();
	if (pid == 0)
		raise(SIGKILL);
	waitpid(pid, &status, 0);
	printf("signal: %d\n", WTERMSIG(status));
	fflush(stdout);
	pid = vfork();
	if (pid == 0) {
		execl(self, "again", "leaf", (char *)NULL);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	printf("vfork: %d\n", WEXITSTATUS(status));
}

static void threads(void)
{
	pthread_t ids[4];
	void *found;
	int hits = 0;

	for (int i = 0; i < 4; i++)
		pthread_create(&ids[i], NULL, in_thread, "/etc/passwd");
	for (int i = 0; i < 4; i++) {
		pthread_join(ids[i], &found);
		hits += found != NULL;
	}
	printf("threads: %d\n", hits);
}

static void signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct timespec moment = {0, 50 * 1000 * 1000};
	sigset_t set;

	sigaction(SIGILL, &action, NULL);
	raise(SIGILL);
	printf("caught: %d\n", caught);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	say("stat with all blocked", access("/etc/passwd", R_OK));
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf("mask has SIGILL %d SIGSYS %d\n", sigismember(&set, SIGILL), sigismember(&set, SIGSYS));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	say("nanosleep", nanosleep(&moment, NULL));
}

static void sockets(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/work/socket"};
	struct sockaddr_un back;
	socklen_t size = sizeof(back);
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);

	say("bind", bind(server, (struct sockaddr *)&name, sizeof(name)));
	say("listen", listen(server, 1));
	memset(&back, 0, sizeof(back));
	say("getsockname", getsockname(server, (struct sockaddr *)&back, &size));
	printf("name: %s\n", back.sun_path);
	say("connect", connect(client, (struct sockaddr *)&name, sizeof(name)));
	close(client);
	close(server);
}

int main(int count, char **arguments)
{
	if (count > 1 && strcmp(arguments[1], "leaf") == 0) {
		printf("leaf: argv0 %s\n", arguments[0]);
		return 5;
	}
	printf("argv0: %s\n", arguments[0]);
	files();
	children(arguments[0]);
	threads();
	signals();
	sockets();
	return 3;
}
