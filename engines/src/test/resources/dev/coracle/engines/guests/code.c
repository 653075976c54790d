/*
 * Code that calls the kernel in unusual ways, and code that appears while the program runs. What it tries is always to open a file
 * that only the host has; a real chroot refuses that too, so both must say the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ENOUGH = 64 };

/* In the low 4 GiB, where a 32-bit call can find it. */
static char *low_path(void)
{
	char *low = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (low == MAP_FAILED)
		exit(99);
	strcpy(low, getenv("HOST_ONLY"));
	return low;
}

static void say(const char *how, long result)
{
	printf("%s: %s\n", how, result >= 0 ? "LEAKED" : "nothing opened");
}

__attribute__((noinline)) static long interrupt(long number, long a, long b)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b) : "memory", "r8", "r9", "r10", "r11");
	return result;
}

/* No unwind table tells of it. */
__asm__(".text\n"
	".globl bare_interrupt\n"
	"bare_interrupt:\n"
	"	push %rbx\n"
	"	mov %rdi, %rbx\n"
	"	mov $5, %eax\n"
	"	xor %ecx, %ecx\n"
	"	int $0x80\n"
	"	cltq\n"
	"	pop %rbx\n"
	"	ret\n"
	".fill 64, 1, 0x90\n");
long bare_interrupt(const char *path);

static void int80(void)
{
	char *path = low_path();

	say("int 0x80", interrupt(5, (long)path, O_RDONLY));
	say("int 0x80 without unwind table", bare_interrupt(path));
	/* The same call behind it still works. */
	printf("%s\n", access("/etc/passwd", R_OK) == 0 ? "sees the tree" : strerror(errno));
}

static void x32(void)
{
	say("x32 open", syscall(0x40000000 + 2, getenv("HOST_ONLY"), O_RDONLY));
	say("x32 openat", syscall(0x40000000 + 257, AT_FDCWD, getenv("HOST_ONLY"), O_RDONLY));
}

/* gettimeofday(2) of the page that old programs call: the kernel emulates it, or it is not there. */
static void vsyscall(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		long (*get)(void *, void *) = (long (*)(void *, void *))0xffffffffff600000;
		long now[2];

		_exit(get(now, NULL) == 0 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	printf("vsyscall ended with %x\n", status & 0xff7f);
}

/* open(path, O_RDONLY), as a compiler in the process would write it. */
static const unsigned char generated[] = {
	0x31, 0xf6,			    /* xor %esi, %esi */
	0xb8, 0x02, 0x00, 0x00, 0x00,	    /* mov $2, %eax */
	0x0f, 0x05,			    /* syscall */
	0xc3,				    /* ret */
};

typedef long (*opener)(const char *path);

static void try_at(const char *how, const void *code)
{
	opener open_by = (opener)(unsigned long)code;
	long file = open_by("/etc/passwd");

	say(how, open_by(getenv("HOST_ONLY")));
	printf("%s: %s\n", how, file >= 0 ? "opened what is in the tree" : strerror((int)-file));
	close((int)file);
}

static unsigned char *anonymous(int protection)
{
	unsigned char *memory = mmap(NULL, PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(99);
	return memory;
}

static void generated_then_executable(void)
{
	unsigned char *memory = anonymous(PROT_READ | PROT_WRITE);

	memcpy(memory, generated, sizeof(generated));
	mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
	try_at("written, then made executable", memory);
	mprotect(memory, PAGE, PROT_READ | PROT_WRITE);
	memcpy(memory + ENOUGH, generated, sizeof(generated));
	mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
	try_at("more on the same page", memory + ENOUGH);
}

static void generated_on_writable(void)
{
	unsigned char *memory = anonymous(PROT_READ | PROT_WRITE | PROT_EXEC);

	memcpy(memory, generated, sizeof(generated));
	try_at("written while executable", memory);
	memcpy(memory + ENOUGH, generated, sizeof(generated));
	try_at("more while executable", memory + ENOUGH);
	memory = anonymous(PROT_READ | PROT_WRITE);
	memcpy(memory, generated, sizeof(generated));
	mprotect(memory, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	try_at("made writable and executable", memory);
}

static void generated_twice_mapped(void)
{
	int file = memfd_create("code", 0);
	unsigned char *write_here;
	unsigned char *run_here;

	if (ftruncate(file, PAGE) < 0)
		exit(99);
	write_here = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	run_here = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
	if (write_here == MAP_FAILED || run_here == MAP_FAILED)
		exit(99);
	memcpy(write_here, generated, sizeof(generated));
	try_at("written through another mapping", run_here);
}

/* Threads run code while its page is made executable again and again. */
static volatile int rounds_left = 20000;

static void *run_on(void *memory)
{
	int (*seven)(void) = (int (*)(void))(unsigned long)memory;
	long wrong = 0;

	while (rounds_left > 0)
		wrong += seven() != 7;
	return (void *)wrong;
}

static void executed_meanwhile(void)
{
	static const unsigned char seven[] = {0xb8, 0x07, 0x00, 0x00, 0x00, 0xc3};
	unsigned char *memory = anonymous(PROT_READ | PROT_WRITE);
	pthread_t threads[2];
	void *wrong;

	memcpy(memory, seven, sizeof(seven));
	mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run_on, memory);
	for (; rounds_left > 0; rounds_left--)
		mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], &wrong);
		printf("wrong answers: %ld\n", (long)wrong);
	}
}

static sigjmp_buf back;

static void jump_back(int signal)
{
	siglongjmp(back, signal);
}

/* Executing what was executable and is not any more is still a fault, once. */
static void not_executable_any_more(void)
{
	unsigned char *memory = anonymous(PROT_READ | PROT_WRITE);
	int signal_number;

	memory[0] = 0xc3;
	mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
	((void (*)(void))(unsigned long)memory)();
	signal(SIGSEGV, jump_back);
	signal_number = sigsetjmp(back, 1);
	if (signal_number == 0) {
		mprotect(memory, PAGE, PROT_READ);
		((void (*)(void))(unsigned long)memory)();
	}
	printf("readable only: signal %d\n", signal_number);
	signal_number = sigsetjmp(back, 1);
	if (signal_number == 0) {
		mprotect(memory, PAGE, PROT_READ | PROT_EXEC);
		munmap(memory, PAGE);
		((void (*)(void))(unsigned long)memory)();
	}
	printf("not there: signal %d\n", signal_number);
}

/* The same program mapped once more, at another place; then its code moved away, and back. */
static long own_size;

static unsigned char *map_itself(void)
{
	int file = open("/proc/self/exe", O_RDONLY);
	void *memory;

	own_size = lseek(file, 0, SEEK_END);
	memory = mmap(NULL, (size_t)own_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	close(file);
	return memory == MAP_FAILED ? NULL : memory;
}

static void mapped_twice(void)
{
	for (int i = 0; i < 5000; i++) {
		unsigned char *again = map_itself();

		if (again == NULL || memcmp(again, "\177ELF", 4) != 0)
			puts("no second mapping");
		munmap(again, (size_t)own_size);
	}
	printf("%s\n", access("/etc/passwd", R_OK) == 0 ? "still works" : strerror(errno));
}

/* A page of data over a page of code, and generated code at the same place. */
static void mapped_over(void)
{
	unsigned char *code = map_itself();
	unsigned char *over = mmap(code, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	memcpy(over, generated, sizeof(generated));
	mprotect(over, PAGE, PROT_READ | PROT_EXEC);
	try_at("written over mapped code", over);
}

/* A reader over the whole address space, and a program that lets go of what it does not know. */
static void unmap_all(void)
{
	for (unsigned long at = 0x7b000000; at < 0x80000000; at += 0x100000)
		munmap((void *)at, 0x100000);
	printf("%s\n", access("/etc/passwd", R_OK) == 0 ? "survives" : strerror(errno));
}

static void shared_segment(void)
{
	int segment = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	unsigned char *memory = shmat(segment, NULL, 0);

	memcpy(memory, generated, sizeof(generated));
	shmdt(memory);
	memory = shmat(segment, NULL, SHM_EXEC);
	shmctl(segment, IPC_RMID, NULL);
	if (memory != (void *)-1)
		say("code in a shared segment", ((opener)(unsigned long)memory)(getenv("HOST_ONLY")));
	else
		say("code in a shared segment", -1);
}

static void implied(void)
{
	unsigned char *memory;

	personality(READ_IMPLIES_EXEC);
	memory = anonymous(PROT_READ | PROT_WRITE);
	memcpy(memory, generated, sizeof(generated));
	signal(SIGSEGV, jump_back);
	if (sigsetjmp(back, 1) == 0)
		say("executable without having asked for it", ((opener)(unsigned long)memory)(getenv("HOST_ONLY")));
	else
		say("executable without having asked for it", -1);
}

/* mremap(2) of code may fail, but what it leaves must work. */
static void moved(void)
{
	unsigned char *code = map_itself();
	unsigned char *there;

	there = mremap(code, (size_t)own_size, (size_t)own_size, MREMAP_MAYMOVE);
	printf("%s\n", there != MAP_FAILED && there != code ? "moved" : "stays");
	printf("%s\n", access("/etc/passwd", R_OK) == 0 ? "still works" : strerror(errno));
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"int80", int80}, {"x32", x32}, {"vsyscall", vsyscall},
		{"made", generated_then_executable}, {"writable", generated_on_writable},
		{"twice", generated_twice_mapped}, {"meanwhile", executed_meanwhile},
		{"no-more", not_executable_any_more}, {"again", mapped_twice}, {"over", mapped_over},
		{"unmap", unmap_all}, {"shared", shared_segment}, {"implied", implied}, {"moved", moved}};

	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
