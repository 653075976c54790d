/*
 * Code that calls the kernel in unusual ways, and code that appears while the program runs. What it tries is always to open a file
 * that only the host has; a real chroot refuses that too, so both must say the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"int80", int80}, {"x32", x32}, {"vsyscall", vsyscall}};

	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
