/*
 * What a system call may change: rax, rcx, r11, and nothing else. Code that
 * keeps data below its stack pointer, in the other registers, in the flags, in
 * vectors, or behind %gs finds all of it again, whatever stands in the place of
 * its system-call instruction.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * A leaf with its data in the red zone. Three shapes of the instruction: its
 * number right before it, its number from a register (nobody can know it in
 * advance), and as few bytes around it as there can be. Each gives back what is
 * left of 16 words.
 */
#define LEAF(name, call)                                                                           \
	__asm__(".text\n"                                                                          \
		".globl " #name "\n"                                                               \
		".type " #name ", @function\n" #name ":\n"                                         \
		".cfi_startproc\n"                                                                 \
		"	mov $16, %ecx\n"                                                                 \
		"1:	mov %rcx, %rax\n"                                                              \
		"	imul $0x01010101, %rax, %rax\n"                                                  \
		"	mov %rcx, %r8\n"                                                                 \
		"	neg %r8\n"                                                                       \
		"	mov %rax, (%rsp,%r8,8)\n"                                                        \
		"	dec %ecx\n"                                                                      \
		"	jnz 1b\n" call "	mov %rax, %r9\n"                                          \
		"	xor %eax, %eax\n"                                                                \
		"	mov $16, %ecx\n"                                                                 \
		"2:	mov %rcx, %r10\n"                                                              \
		"	imul $0x01010101, %r10, %r10\n"                                                  \
		"	mov %rcx, %r8\n"                                                                 \
		"	neg %r8\n"                                                                       \
		"	cmp %r10, (%rsp,%r8,8)\n"                                                        \
		"	jne 3f\n"                                                                        \
		"	inc %eax\n"                                                                      \
		"3:	dec %ecx\n"                                                                    \
		"	jnz 2b\n"                                                                        \
		"	mov %r9, (%r12)\n"                                                               \
		"	ret\n"                                                                           \
		".cfi_endproc\n"                                                                   \
		".size " #name ", . - " #name "\n");                                               \
	extern char name[];

LEAF(known_number, "	mov $21, %eax\n	syscall\n") /* access */
LEAF(unknown_number, "	mov %r13, %rax\n	syscall\n")
LEAF(jumped_to, "	mov $21, %eax\n	jmp 4f\n	nop\n4:	syscall\n")

static long leaf(const char *code, long number, const char *path, long *answer)
{
	register long number_here __asm__("r13") = number;
	register long *answer_here __asm__("r12") = answer;
	long whole;
	long second = 0;
	long first = (long)path;

	/* Not even the compiler's own red zone is where the leaf has its data. */
	__asm__ volatile("lea -256(%%rsp), %%rsp\n\tcall *%[code]\n\tlea 256(%%rsp), %%rsp"
			 : "=&a"(whole), "+D"(first), "+S"(second)
			 : [code] "r"(code), "r"(number_here), "r"(answer_here)
			 : "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc");
	return whole;
}

static void say_leaf(const char *name, const char *code, long number, const char *path)
{
	long answer = 0;
	long whole = leaf(code, number, path, &answer);

	printf("%s: %ld words left, answer %ld\n", name, whole, answer);
}

static void red_zone(void)
{
	say_leaf("known", known_number, 0, "/etc/passwd");
	say_leaf("known, host only", known_number, 0, getenv("HOST_ONLY"));
	say_leaf("unknown", unknown_number, SYS_access, "/etc/passwd");
	say_leaf("unknown, host only", unknown_number, SYS_access, getenv("HOST_ONLY"));
	say_leaf("unknown, passing", unknown_number, SYS_getppid, NULL);
	say_leaf("unknown, refused", unknown_number, 5000, NULL);
	say_leaf("jumped to", jumped_to, 0, "/etc/passwd");
	for (int i = 0; i < 20000; i++) {
		long answer;

		if (leaf(known_number, 0, "/usr/bin/env", &answer) != 16 || answer != 0)
			puts("harmed");
	}
}

static void disturb(int signal)
{
	struct stat status;

	(void)signal;
	stat("/etc/passwd", &status);
}

/* The kernel leaves the red zone alone when it delivers a signal; so does
 * whoever delivers it again. */
static void red_zone_and_signals(void)
{
	struct itimerval often = {{0, 60}, {0, 60}};
	struct itimerval never = {{0, 0}, {0, 0}};

	signal(SIGALRM, disturb);
	setitimer(ITIMER_REAL, &often, NULL);
	red_zone();
	setitimer(ITIMER_REAL, &never, NULL);
}

/* Each register but the three has a value of its own before, and after. */
static void all_registers(void)
{
	static const long numbers[] = {
		SYS_access, SYS_getppid, SYS_getcwd, 5000, SYS_rt_sigpending};
	static char room[4096];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned long kept[12];
		unsigned long flags;
		long answer;

		__asm__ volatile("push %%rbp\n\t"
				 "push %%rbx\n\t"
				 "push %[kept]\n\t"
				 "push %[path]\n\t"
				 "pop %%rdi\n\t"
				 "mov $4, %%esi\n\t"
				 "mov $0x1212, %%edx\n\t"
				 "mov $0x1313, %%ebx\n\t"
				 "mov $0x1414, %%ebp\n\t"
				 "mov $0x1818, %%r8d\n\t"
				 "mov $0x1919, %%r9d\n\t"
				 "mov $0x1a1a, %%r10d\n\t"
				 "mov $0x1c1c, %%r12d\n\t"
				 "mov $0x1d1d, %%r13d\n\t"
				 "mov $0x1e1e, %%r14d\n\t"
				 "mov $0x1f1f, %%r15d\n\t"
				 "stc\n\t"
				 "std\n\t"
				 "syscall\n\t"
				 "pushfq\n\t"
				 "cld\n\t"
				 "pop %%r11\n\t"
				 "pop %%rcx\n\t"
				 "mov %%rsi, 0(%%rcx)\n\t"
				 "mov %%rdx, 8(%%rcx)\n\t"
				 "mov %%rbx, 16(%%rcx)\n\t"
				 "mov %%rbp, 24(%%rcx)\n\t"
				 "mov %%r8, 32(%%rcx)\n\t"
				 "mov %%r9, 40(%%rcx)\n\t"
				 "mov %%r10, 48(%%rcx)\n\t"
				 "mov %%r12, 56(%%rcx)\n\t"
				 "mov %%r13, 64(%%rcx)\n\t"
				 "mov %%r14, 72(%%rcx)\n\t"
				 "mov %%r15, 80(%%rcx)\n\t"
				 "mov %%rdi, 88(%%rcx)\n\t"
				 "pop %%rbx\n\t"
				 "pop %%rbp\n\t"
				 "mov %%r11, %[flags]"
				 : "=a"(answer), [flags] "=r"(flags)
				 : "0"(numbers[i]), [kept] "r"(kept),
				 [path] "r"(numbers[i] == SYS_access ? "/etc/passwd" : room)
				 : "rcx", "r11", "rdi", "rsi", "rdx", "r8", "r9", "r10", "r12",
				 "r13", "r14", "r15", "memory", "cc");
		printf("call %ld:", numbers[i]);
		for (int k = 0; k < 11; k++)
			printf(" %lx", kept[k]);
		printf(", first argument %s, carry %lu, direction %lu\n",
			kept[11] == (unsigned long)room || numbers[i] == SYS_access ? "kept"
										    : "lost",
			flags & 1, flags >> 10 & 1);
		(void)answer;
	}
}

static void vectors(void)
{
	struct itimerval often = {{0, 60}, {0, 60}};
	struct itimerval never = {{0, 0}, {0, 0}};
	unsigned long low;
	unsigned long high;
	unsigned control = 0x1f80 | 0x6000; /* rounds towards zero */
	unsigned control_after;
	long answer = 0;

	signal(SIGALRM, disturb);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 20000; i++) {
		__asm__ volatile(
			"ldmxcsr %[control]\n\t"
			"mov $0x1122334455667788, %%rcx\n\t"
			"movq %%rcx, %%xmm0\n\t"
			"movq %%rcx, %%xmm15\n\t"
			"syscall\n\t"
			"movq %%xmm0, %[low]\n\t"
			"movq %%xmm15, %[high]\n\t"
			"stmxcsr %[after]"
			: "=a"(answer), [low] "=&r"(low), [high] "=&r"(high),
			[after] "=m"(control_after)
			: "0"(SYS_access), "D"("/usr/bin/env"), "S"(R_OK), [control] "m"(control)
			: "rcx", "r11", "xmm0", "xmm15", "memory");
		if (low != 0x1122334455667788 || high != low || control_after != control ||
			answer != 0) {
			printf("lost: %lx %lx %x %ld\n", low, high, control_after, answer);
			break;
		}
	}
	setitimer(ITIMER_REAL, &never, NULL);
	puts("vectors looked at");
}

static unsigned long behind_gs(void)
{
	unsigned long value;

	__asm__ volatile("movq %%gs:8, %0" : "=r"(value));
	return value;
}

/* Wine and some just-in-time compilers use %gs for themselves, in every thread
 * and process another. */
static void *with_gs(void *unused)
{
	unsigned long words[4] = {0, (unsigned long)pthread_self(), 0, 0};
	unsigned long base = 0;
	struct stat status;

	(void)unused;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, words) < 0)
		return "cannot set";
	for (int i = 0; i < 2000; i++) {
		stat("/usr/bin/env", &status);
		close(open("/etc/passwd", O_RDONLY));
		if (behind_gs() != words[1])
			return "lost";
	}
	raise(SIGUSR1);
	mprotect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096,
		PROT_READ | PROT_EXEC);
	if (syscall(SYS_arch_prctl, ARCH_GET_GS, &base) < 0 || base != (unsigned long)words ||
		behind_gs() != words[1])
		return "lost after a signal";
	return "kept";
}

static void gs_base(void)
{
	pthread_t threads[4];
	void *said;

	signal(SIGUSR1, disturb);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, with_gs, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &said);
		printf("%s\n", (char *)said);
	}
}

/* A thread without thread-local storage at all: nothing may be looked for
 * behind %fs. */
static void no_thread_pointer(void)
{
	static long answers[2];
	unsigned long own = 0;

	syscall(SYS_arch_prctl, ARCH_GET_FS, &own);
	/* From here to where it is set again no C library, which keeps its errno
	 * there. */
	__asm__ volatile("syscall\n\t"
			 "mov %[access], %%eax\n\t"
			 "mov %[path], %%rdi\n\t"
			 "mov $4, %%esi\n\t"
			 "syscall\n\t"
			 "mov %%rax, 0(%[answers])\n\t"
			 "mov %[access], %%eax\n\t"
			 "mov %[host], %%rdi\n\t"
			 "syscall\n\t"
			 "mov %%rax, 8(%[answers])\n\t"
			 "mov %[prctl], %%eax\n\t"
			 "mov %[set], %%edi\n\t"
			 "mov %[own], %%rsi\n\t"
			 "syscall"
			 :
			 : "a"(SYS_arch_prctl), "D"(ARCH_SET_FS),
			 "S"(0), [access] "i"(SYS_access), [path] "r"("/etc/passwd"),
			 [host] "r"(getenv("HOST_ONLY")), [answers] "r"(answers),
			 [prctl] "i"(SYS_arch_prctl), [set] "i"(ARCH_SET_FS), [own] "r"(own)
			 : "rcx", "r11", "memory");
	printf("passwd %ld, host only %ld\n", answers[0], answers[1]);
}

/* Time comes without a call of the kernel, as ever. */
static void vdso(void)
{
	const unsigned char *image = (const unsigned char *)getauxval(AT_SYSINFO_EHDR);
	struct timespec before;
	struct timespec after;

	printf("there: %s\n", image != NULL && memcmp(image, "\177ELF", 4) == 0 ? "yes" : "no");
	clock_gettime(CLOCK_MONOTONIC, &before);
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &after);
	printf("clocks agree: %s\n",
		after.tv_sec >= before.tv_sec && after.tv_sec - before.tv_sec < 5 ? "yes" : "no");
	printf("time %s, processor %s\n", time(NULL) > 1000000000 ? "known" : "unknown",
		sched_getcpu() >= 0 ? "known" : "unknown");
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"red-zone", red_zone}, {"red-zone-signals", red_zone_and_signals},
		{"all", all_registers}, {"vectors", vectors}, {"gs", gs_base},
		{"fs", no_thread_pointer}, {"vdso", vdso}};

	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
