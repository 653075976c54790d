/* What is hard for an engine inside the process: signals, threads and exec at the worst moments. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static volatile long hits;

static void count(int signal)
{
	(void)signal;
	hits++;
}

static void tick(long microseconds)
{
	struct itimerval timer = {{0, microseconds}, {0, microseconds}};

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigaction(signal, &action, NULL);
}

static int blocked(void)
{
	sigset_t mask;
	int number = 0;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int signal = 1; signal < 32; signal++)
		number += sigismember(&mask, signal) > 0;
	return number;
}

static void look(int times)
{
	struct stat status;

	for (int i = 0; i < times; i++)
		stat("/usr/bin/env", &status);
}

/* Signals at every point of a call: none is lost, and none leaves others blocked. */
static void storm(void)
{
	handle(SIGALRM, count, SA_RESTART);
	tick(50);
	look(40000);
	tick(0);
	printf("%s, %d blocked\n", hits > 100 ? "many" : "few", blocked());
}

static void again(int signal)
{
	struct itimerval once = {{0, 0}, {0, 100}};

	(void)signal;
	hits++;
	handle(SIGALRM, again, SA_RESETHAND);
	if (hits < 3000)
		setitimer(ITIMER_REAL, &once, NULL);
}

static void one_shot(void)
{
	again(0);
	while (hits < 3000)
		look(1);
	puts("all came");
}

static void busy(int signal)
{
	char guard[512];

	(void)signal;
	memset(guard, 'x', sizeof(guard));
	look(100);
	for (size_t i = 0; i < sizeof(guard); i++) {
		if (guard[i] != 'x')
			_exit(9);
	}
}

static void alternate(void)
{
	stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};

	sigaltstack(&stack, NULL);
	handle(SIGUSR1, busy, SA_ONSTACK);
	handle(SIGALRM, count, SA_ONSTACK);
	tick(100);
	for (int i = 0; i < 100; i++)
		raise(SIGUSR1);
	tick(0);
	puts("stack unharmed");
}

static void *open_and_end(void *unused)
{
	(void)unused;
	close(open("/etc/passwd", O_RDONLY));
	return NULL;
}

static void ends(void)
{
	for (int i = 0; i < 1000; i++) {
		pthread_t thread;

		pthread_create(&thread, NULL, open_and_end, NULL);
		pthread_join(thread, NULL);
	}
	for (int i = 0; i < 600; i++) {
		pid_t child = vfork();

		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	puts(access("/etc/passwd", R_OK) == 0 ? "still working" : "broken");
}

static volatile int alive;

static void *end_alone(void *unused)
{
	(void)unused;
	__atomic_fetch_sub(&alive, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* A detached thread gives its own stack back, and then makes one more call. */
static void detached(void)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 500; i++) {
		pthread_t thread;

		__atomic_fetch_add(&alive, 1, __ATOMIC_SEQ_CST);
		while (pthread_create(&thread, &attributes, end_alone, NULL) != 0)
			sched_yield();
	}
	while (alive > 0)
		sched_yield();
	puts("all gone");
}

static int pairs[320][2];

static void *block(void *number)
{
	long i = (long)number;
	int file = pairs[i][0];
	fd_set set;
	char byte;
	struct iovec vector = {&byte, 1};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

	FD_ZERO(&set);
	FD_SET(file, &set);
	if (i % 3 == 0)
		recv(file, &byte, 1, 0);
	else if (i % 3 == 1)
		recvmsg(file, &message, 0);
	else
		pselect(file + 1, &set, NULL, NULL, NULL, NULL);
	return open_and_end(NULL);
}

static void crowd(void)
{
	pthread_t threads[320];

	for (long i = 0; i < 320; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]) < 0 ||
			pthread_create(&threads[i], NULL, block, (void *)i) != 0)
			puts("too many");
	}
	usleep(200000);
	look(1);
	for (int i = 0; i < 320; i++)
		close(pairs[i][1]);
	for (int i = 0; i < 320; i++)
		pthread_join(threads[i], NULL);
	puts("all woken");
}

static void cleaned(void *unused)
{
	(void)unused;
	fputs("cleaned ", stdout);
}

static void *wait_in(void *call)
{
	static int pair[2];
	char byte;

	pthread_cleanup_push(cleaned, NULL);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	if (call == (void *)0)
		open("fifo", O_RDONLY);
	else if (call == (void *)1)
		(void)!read(pair[0], &byte, 1);
	else if (call == (void *)2)
		recv(pair[0], &byte, 1, 0);
	else
		sleep(100);
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancel(void)
{
	mkfifo("fifo", 0600);
	for (long call = 0; call < 4; call++) {
		pthread_t thread;
		void *result;

		pthread_create(&thread, NULL, wait_in, (void *)call);
		usleep(50000);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		puts(result == PTHREAD_CANCELED ? "cancelled" : "ended");
	}
}

/* Executes itself again and again while signals come; `left` times. */
static void exec_storm(int left)
{
	char number[16];
	char *arguments[] = {"hazards", "exec", number, NULL};
	pid_t child;

	if (blocked() != 0 || left == 0) {
		printf("%d left, %d blocked\n", left, blocked());
		return;
	}
	handle(SIGCONT, count, 0);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 300; i++)
			kill(getppid(), SIGCONT);
		_exit(0);
	}
	snprintf(number, sizeof(number), "%d", left - 1);
	execve("/proc/self/exe", arguments, environ);
	perror("execve");
}

static void by_descriptor(const char *name, int flags)
{
	int file = open(name, flags);
	char *arguments[] = {"program", "-c", "echo $0 ran", NULL};
	int status;
	pid_t child = fork();

	if (child == 0) {
		fexecve(file, arguments, environ);
		printf("%s: %s\n", name, strerror(errno));
		exit(1);
	}
	waitpid(child, &status, 0);
	close(file);
}

static void descriptors(void)
{
	int script = open("script", O_CREAT | O_WRONLY, 0755);

	dprintf(script, "#!/bin/sh\necho script\n");
	close(script);
	fflush(stdout);
	by_descriptor("script", O_RDONLY | O_CLOEXEC);
	by_descriptor("script", O_RDONLY);
	by_descriptor(".", O_RDONLY);
	by_descriptor("/dev/null", O_RDONLY);
	by_descriptor("/bin/sh", O_PATH | O_CLOEXEC);
}

struct larger_how {
	unsigned long flags, mode, resolve, unknown;
};

static void openat2(void)
{
	struct larger_how how = {O_RDONLY, 0, 0, 0};
	const char *host_only = getenv("HOST_ONLY");

	for (int i = 0; i < 3; i++) {
		how.unknown = i == 2;
		long file = syscall(
			437, AT_FDCWD, i == 1 ? host_only : "/etc/passwd", &how, sizeof(how));

		printf("%s\n", file < 0 ? strerror(errno) : "opened");
	}
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} hazards[] = {{"storm", storm}, {"one-shot", one_shot}, {"alternate", alternate},
		{"ends", ends}, {"crowd", crowd}, {"cancel", cancel}, {"detached", detached}, {"descriptors", descriptors},
		{"openat2", openat2}};

	for (size_t i = 0; count > 1 && i < sizeof(hazards) / sizeof(hazards[0]); i++) {
		if (strcmp(arguments[1], hazards[i].name) == 0)
			hazards[i].run();
	}
	if (count > 2 && strcmp(arguments[1], "exec") == 0)
		exec_storm(atoi(arguments[2]));
	return 0;
}
