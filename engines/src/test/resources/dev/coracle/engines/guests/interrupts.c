/* Calls that are interrupted, handlers that never return, processes that are stopped or killed in
 * the middle. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"
#include "words.h"

static sigjmp_buf back;

static void small_look(int signal)
{
	struct stat status;

	hits[signal]++;
	stat("/usr/bin/env", &status);
	close(open("/etc/passwd", O_RDONLY));
	access(getenv("HOST_ONLY"), F_OK);
}

/* Calls that wait, and the signal that comes meanwhile. */
static int queue;
static int semaphores;
static int quiet[2];
static int listening;
static char *full;

static long wait_read(void)
{
	char byte;

	return read(quiet[0], &byte, 1);
}

static long wait_message(void)
{
	struct {
		long type;
		char text[8];
	} message;

	return msgrcv(queue, &message, sizeof(message.text), 0, 0);
}

static long wait_semaphore(void)
{
	struct sembuf take = {0, -1, 0};

	return semop(semaphores, &take, 1);
}

static long wait_poll(void)
{
	struct pollfd one = {quiet[0], POLLIN, 0};

	return poll(&one, 1, 5000);
}

static long wait_ppoll(void)
{
	struct pollfd one = {quiet[0], POLLIN, 0};
	struct timespec long_time = {5, 0};

	return ppoll(&one, 1, &long_time, NULL);
}

static long wait_accept(void)
{
	return accept(listening, NULL, NULL);
}

static long wait_receive(void)
{
	char byte;

	return recv(quiet[0], &byte, 1, 0);
}

static long wait_fifo(void)
{
	return open("/work/fifo", O_RDONLY);
}

static long wait_lock(void)
{
	int file = open("/work/locked", O_RDWR);
	long result = flock(file, LOCK_EX);
	int error = errno;

	close(file);
	errno = error;
	return result;
}

static long wait_sleep(void)
{
	struct timespec time = {5, 0};
	struct timespec left = {0, 0};
	long result = nanosleep(&time, &left);

	if (result < 0 && (left.tv_sec > 5 || left.tv_sec < 3))
		puts("wrong time left");
	return result;
}

static long wait_pause(void)
{
	return pause();
}

static long wait_child(void)
{
	return waitpid(-1, NULL, 0);
}

static long wait_futex(void)
{
	static int word_there;

	return syscall(SYS_futex, &word_there, 0, 0, NULL);
}

static long wait_write(void)
{
	return write(quiet[0], full, 1 << 22);
}

static long wait_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/work/busy"};
	int file = socket(AF_UNIX, SOCK_STREAM, 0);
	long result = connect(file, (struct sockaddr *)&address, sizeof(address));
	int error = errno;

	close(file);
	errno = error;
	return result;
}

static void end_of_wait(int signal)
{
	char byte = 'x';
	int error = errno;

	hits[signal]++;
	small_look(0);
	/* With SA_RESTART the call goes on, and gets what it waits for. */
	if (hits[signal] == 2)
		(void)!write(quiet[1], &byte, 1);
	if (hits[signal] >= 3)
		siglongjmp(back, 1);
	errno = error;
}

static const struct waiting {
	const char *name;
	long (*wait)(void);
} waitings[] = {{"read", wait_read}, {"recv", wait_receive}, {"msgrcv", wait_message},
	{"semop", wait_semaphore}, {"poll", wait_poll}, {"ppoll", wait_ppoll},
	{"accept", wait_accept}, {"open of a fifo", wait_fifo}, {"flock", wait_lock},
	{"nanosleep", wait_sleep}, {"pause", wait_pause}, {"waitpid", wait_child},
	{"futex", wait_futex}, {"write", wait_write}, {"connect", wait_connect}};

enum { WAITINGS = sizeof(waitings) / sizeof(waitings[0]) };

static void prepare_waits(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/work/busy"};
	int holder = open("/work/locked", O_CREAT | O_RDWR, 0600);

	full = calloc(1, 1 << 22);
	queue = msgget(IPC_PRIVATE, 0600);
	semaphores = semget(IPC_PRIVATE, 1, 0600);
	mkfifo("/work/fifo", 0600);
	flock(holder, LOCK_EX);
	listening = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(listening, (struct sockaddr *)&address, sizeof(address));
	/* Nobody calls accept(2): the queue of those who wait is full at once. */
	int other = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un second = {.sun_family = AF_UNIX, .sun_path = "/work/silent"};

	bind(other, (struct sockaddr *)&second, sizeof(second));
	listen(listening, 0);
	listen(other, 0);
}

static void interrupted(void)
{
	struct itimerval thrice = {{0, 30000}, {0, 30000}};
	struct itimerval never = {{0, 0}, {0, 0}};

	prepare_waits();
	for (int restart = 0; restart < 2; restart++) {
		struct sigaction action;
		struct sockaddr_un busy = {.sun_family = AF_UNIX, .sun_path = "/work/busy"};

		memset(&action, 0, sizeof(action));
		action.sa_handler = end_of_wait;
		action.sa_flags = restart ? SA_RESTART : 0;
		sigaction(SIGALRM, &action, NULL);
		for (size_t i = 0; i < WAITINGS; i++) {
			long result = -2;
			pid_t sleeper = waitings[i].wait == wait_child ? fork() : 0;

			if (waitings[i].wait == wait_child && sleeper == 0) {
				setitimer(ITIMER_REAL, &never, NULL);
				pause();
				_exit(0);
			}
			if (waitings[i].wait == wait_connect) {
				for (int k = 0; k < 1; k++)
					connect(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0),
						(struct sockaddr *)&busy, sizeof(busy));
			}
			hits[SIGALRM] = 0;
			(void)!socketpair(AF_UNIX, SOCK_STREAM, 0, quiet);
			if (sigsetjmp(back, 1) == 0) {
				setitimer(ITIMER_REAL, &thrice, NULL);
				result = waitings[i].wait();
			}
			const char *said = result == -2	  ? "left by a jump"
					   : result == -1 ? strerror(errno)
							  : "ended";

			setitimer(ITIMER_REAL, &never, NULL);
			printf("%s%s: %s, %s\n", waitings[i].name, restart ? ", restarted" : "",
				said, paths());
			close(quiet[0]);
			close(quiet[1]);
			if (sleeper > 0) {
				kill(sleeper, SIGKILL);
				waitpid(sleeper, NULL, 0);
			}
		}
	}
	msgctl(queue, IPC_RMID, NULL);
	semctl(semaphores, 0, IPC_RMID);
}

static volatile int jumps;

static void jump_away(int signal)
{
	(void)signal;
	jumps++;
	siglongjmp(back, 1);
}

/* Handlers that leave by a jump, out of every moment of a call: nothing that
 * the call held may be lost for good. */
static void jumped_out(void)
{
	struct itimerval often = {{0, 150}, {0, 150}};
	struct itimerval never = {{0, 0}, {0, 0}};
	struct stat status;
	char where[100];

	signal(SIGALRM, jump_away);
	mkfifo("/work/fifo", 0600);
	while (jumps < 3000) {
		if (sigsetjmp(back, 1) == 0) {
			setitimer(ITIMER_REAL, &often, NULL);
			for (;;) {
				if (jumps % 3 == 0) {
					stat("/usr/bin/env", &status);
				} else if (jumps % 3 == 1) {
					(void)!getcwd(where, sizeof(where));
				} else {
					close(open("/work/fifo", O_RDONLY));
				}
			}
		}
	}
	setitimer(ITIMER_REAL, &never, NULL);
	for (int file = 3; file < 1000; file++)
		close(file);
	printf("%s, mask %x\n", paths(), mask_now());
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"interrupted", interrupted}, {"jumped", jumped_out}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
