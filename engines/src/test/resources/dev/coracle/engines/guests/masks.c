/* Masks of signals, by every call that takes one. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "signals.h"
#include "words.h"

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	hits[signal]++;
	(void)info;
}

static sigset_t set_of(int first, int second)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first);
	sigaddset(&set, second);
	return set;
}

/* `number` is blocked and sent; the call lets it in for as long as it waits,
 * and gives the mask back. */
static void let_in(int number)
{
	sigset_t blocked = set_of(number, SIGUSR2);
	sigset_t none;
	struct timespec soon = {0, 20 * 1000 * 1000};
	struct epoll_event event;
	int epoll = epoll_create1(0);

	sigemptyset(&none);
	handle(number, note, 0);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	for (int way = 0; way < 5; way++) {
		static const char *const names[] = {
			"ppoll", "pselect", "epoll_pwait", "epoll_pwait2", "sigsuspend"};
		long result;

		for (int letting = 0; letting < 2; letting++) {
			const sigset_t *during = letting ? &none : &blocked;

			if (way == 4 && !letting)
				continue;
			hits[number] = 0;
			kill(getpid(), number);
			errno = 0;
			result = way == 0   ? ppoll(NULL, 0, &soon, during)
				 : way == 1 ? pselect(0, NULL, NULL, NULL, &soon, during)
				 : way == 2 ? epoll_pwait(epoll, &event, 1, 20, during)
				 : way == 3 ? syscall(441, epoll, &event, 1, &soon, during, 8)
					    : sigsuspend(during);
			const char *said = result < 0 ? strerror(errno) : "in time";

			printf("signal %d, %s, %s: %s, %d handled, mask %x, %s\n", number,
				names[way], letting ? "let in" : "kept out", said, hits[number],
				mask_now(), paths());
			/* What has been kept out comes now, and not into the next round. */
			sigprocmask(SIG_SETMASK, &none, NULL);
			sigprocmask(SIG_SETMASK, &blocked, NULL);
		}
	}
	sigprocmask(SIG_SETMASK, &none, NULL);
	close(epoll);
}

static void masks(void)
{
	static const int numbers[] = {SIGUSR1, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGSYS, SIGFPE};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		let_in(numbers[i]);
}

static void all_masked(int signal)
{
	hits[signal]++;
	if (signal != SIGUSR1)
		return;
	printf("in the handler: mask %x, %s\n",
		mask_now() & ~(1U << (SIGKILL - 1) | 1U << (SIGSTOP - 1)), paths());
	raise(SIGILL);
	raise(SIGSYS);
	raise(SIGSEGV);
	printf("sent meanwhile, handled %d %d %d\n", hits[SIGILL], hits[SIGSYS], hits[SIGSEGV]);
}

/* A handler that blocks everything, and is sent what it blocks. */
static void handler_masks(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = all_masked;
	sigfillset(&action.sa_mask);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGSYS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("afterwards %d %d %d, mask %x\n", hits[SIGILL], hits[SIGSYS], hits[SIGSEGV],
		mask_now());
	sigaction(SIGILL, NULL, &action);
	printf("mask of the action: %d %d %d\n", sigismember(&action.sa_mask, SIGILL),
		sigismember(&action.sa_mask, SIGSYS), sigismember(&action.sa_mask, SIGUSR2));
}

/* Signals that are fetched, not handled. */
static void fetched(void)
{
	static const int numbers[] = {SIGUSR1, SIGTRAP, SIGFPE};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int number = numbers[i];
		sigset_t set = set_of(number, SIGUSR2);
		struct timespec soon = {0, 20 * 1000 * 1000};
		struct signalfd_siginfo got;
		siginfo_t info;

		sigprocmask(SIG_BLOCK, &set, NULL);
		int file = signalfd(-1, &set, SFD_NONBLOCK);

		sigqueue(getpid(), number, (union sigval){.sival_int = 77});
		printf("signal %d, signalfd: %s", number, word(read(file, &got, sizeof(got))));
		printf(", %u, value %d\n", got.ssi_signo, got.ssi_int);
		sigqueue(getpid(), number, (union sigval){.sival_int = 78});
		printf("signal %d, sigtimedwait: %d", number, sigtimedwait(&set, &info, &soon));
		printf(", value %d, then %s\n", info.si_value.sival_int,
			word(sigtimedwait(&set, &info, &soon)));
		close(file);
	}
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"masks", masks}, {"handler-masks", handler_masks}, {"fetched", fetched}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
