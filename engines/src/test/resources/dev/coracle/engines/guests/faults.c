/* Faults of a program's own, its handlers for them, and the stacks that these run on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"
#include "words.h"

enum { PAGE = 4096 };

static sigjmp_buf back;

static void jump(int signal)
{
	siglongjmp(back, signal);
}

static void zero_divided(void)
{
	__asm__ volatile("xor %%ecx, %%ecx\n\tmov $1, %%eax\n\tcltd\n\tidivl %%ecx"
			 :
			 :
			 : "rax", "rcx", "rdx");
}

static void break_point(void)
{
	__asm__ volatile("int3");
}

static void halt(void)
{
	__asm__ volatile("hlt");
}

static void undefined(void)
{
	__asm__ volatile("ud2");
}

static void other_undefined(void)
{
	__asm__ volatile(".byte 0x06");
}

static void no_memory(void)
{
	__asm__ volatile("movl $1, 8");
}

static void wild_address(void)
{
	__asm__ volatile("movl $1, (%0)" : : "r"(1UL << 63));
}

static void past_the_file(void)
{
	int file = open("/work/short", O_CREAT | O_RDWR, 0600);
	volatile char *memory = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);

	(void)memory[0];
}

static void wild_jump(void)
{
	((void (*)(void))0x12345)();
}

static const struct fault {
	const char *name;
	void (*happen)(void);
} faults[] = {{"division", zero_divided}, {"int3", break_point}, {"hlt", halt}, {"ud2", undefined},
	{"undefined", other_undefined}, {"address", no_memory}, {"wild address", wild_address},
	{"past the file", past_the_file}, {"wild jump", wild_jump}};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

static void describe(int signal, siginfo_t *info, void *context)
{
	(void)context;
	printf("signal %d, code %d, address %s; %s\n", signal, info->si_code,
		signal == SIGTRAP || info->si_code == SI_KERNEL || info->si_addr == NULL ? "-"
		: (unsigned long)info->si_addr < 0x20000				 ? "told"
											 : "some",
		paths());
	fflush(stdout);
	siglongjmp(back, signal);
}

/* Faults of the guest's own reach its handlers, which do what they like; and
 * without handlers they end the process. */
static void own_faults(void)
{
	static const int numbers[] = {SIGFPE, SIGTRAP, SIGSEGV, SIGILL, SIGBUS};
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = describe;
	action.sa_flags = SA_SIGINFO;
	for (int i = 0; i < 5; i++)
		sigaction(numbers[i], &action, NULL);
	for (size_t i = 0; i < FAULTS; i++) {
		printf("%s: ", faults[i].name);
		fflush(stdout);
		if (sigsetjmp(back, 1) == 0) {
			faults[i].happen();
			puts("nothing happened");
		}
	}
	for (int i = 0; i < 5; i++)
		signal(numbers[i], SIG_DFL);
	for (int ignored = 0; ignored < 3; ignored++) {
		for (size_t i = 0; i < FAULTS; i++) {
			int status;
			pid_t pid = fork();

			if (pid == 0) {
				sigset_t all;

				sigfillset(&all);
				for (int k = 0; ignored == 1 && k < 5; k++)
					signal(numbers[k], SIG_IGN);
				if (ignored == 2) {
					for (int k = 0; k < 5; k++)
						signal(numbers[k], jump);
					sigprocmask(SIG_SETMASK, &all, NULL);
				}
				faults[i].happen();
				_exit(0);
			}
			waitpid(pid, &status, 0);
			printf("%s, %s: %x\n", faults[i].name,
				ignored == 0   ? "default"
				: ignored == 1 ? "ignored"
					       : "blocked",
				(unsigned)status & 0xff7f);
		}
	}
}

static char *barrier;
static volatile int passed;

/* A collector's barrier: the handler does I/O, opens the page, and the program
 * goes on. */
static void open_page(int signal, siginfo_t *info, void *context)
{
	char *page = (char *)((unsigned long)info->si_addr & ~(PAGE - 1UL));
	struct stat status;
	int file;

	(void)signal;
	(void)context;
	file = open("/work/log", O_CREAT | O_WRONLY | O_APPEND, 0600);
	(void)!write(file, "x", 1);
	close(file);
	stat("/usr/bin/env", &status);
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
	passed++;
}

static void barriers(void)
{
	struct sigaction action;
	struct stat status;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = open_page;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	barrier = mmap(NULL, 500 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 500; i++)
		barrier[i * PAGE + 7] = 1;
	/* In the middle of a call the kernel, and so the engine, says EFAULT instead.
	 */
	mprotect(barrier, PAGE, PROT_NONE);
	printf("stat: %s", word(stat(barrier, &status)));
	printf(", read: %s", word(read(open("/etc/passwd", O_RDONLY), barrier, 10)));
	printf(", result: %s", word(stat("/etc/passwd", (struct stat *)(void *)barrier)));
	printf(", getcwd: %s\n", word(syscall(SYS_getcwd, barrier, 100)));
	stat("/work/log", &status);
	printf("passed %d, written %ld\n", passed, (long)status.st_size);
}

static void small_look(int signal)
{
	struct stat status;

	hits[signal]++;
	stat("/usr/bin/env", &status);
	close(open("/etc/passwd", O_RDONLY));
	access(getenv("HOST_ONLY"), F_OK);
}

static void *on_small_stacks(void *unused)
{
	/* What the kernel says that a frame takes, and two KiB for the handler. */
	size_t size = getauxval(AT_MINSIGSTKSZ) + 2048;
	unsigned char *memory = mmap(
		NULL, size + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = {.ss_sp = memory + PAGE, .ss_size = size};
	struct sigaction action;
	int harmed = 0;

	(void)unused;
	memset(memory, 0x5a, PAGE);
	memset(memory + PAGE + size, 0x5a, PAGE);
	if (sigaltstack(&stack, NULL) < 0)
		return "no stack";
	memset(&action, 0, sizeof(action));
	action.sa_handler = small_look;
	action.sa_flags = SA_ONSTACK | SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 300; i++) {
		raise(SIGUSR1);
		pthread_kill(pthread_self(), SIGUSR1);
		small_look(0);
	}
	for (int i = 0; i < PAGE; i++)
		harmed += memory[i] != 0x5a || memory[PAGE + size + (size_t)i] != 0x5a;
	return harmed ? "written beside the stack" : "stack was enough";
}

static void small_stacks(void)
{
	pthread_t thread;
	void *said;
	stack_t stack;
	char room[100];

	puts(on_small_stacks(NULL));
	pthread_create(&thread, NULL, on_small_stacks, NULL);
	pthread_join(thread, &said);
	puts(said);
	stack = (stack_t){.ss_sp = room, .ss_size = sizeof(room)};
	printf("too small: %s", word(sigaltstack(&stack, NULL)));
	stack.ss_flags = 99;
	printf(", unknown flag: %s", word(sigaltstack(&stack, NULL)));
	printf(", nowhere: %s\n", word(sigaltstack((stack_t *)8, NULL)));
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"faults", own_faults}, {"barriers", barriers}, {"small", small_stacks}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
