/* Every way to make a thread or a process, and what parent and child share
 * afterwards. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

enum { STACK = 65536 };

static volatile int shared;

static char *stack(void)
{
	char *memory =
		mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(99);
	return memory;
}

static long clone3(struct clone_args *how)
{
	return syscall(SYS_clone3, how, sizeof(*how));
}

/* What a child does: it uses paths, changes what may be shared, and ends with a
 * code. */
static int child(void *unused)
{
	(void)unused;
	shared++;
	if (access("/etc/passwd", R_OK) < 0 || access(getenv("HOST_ONLY"), F_OK) == 0)
		_exit(66);
	if (chdir("/usr") < 0 || open("/etc/hostname", O_RDONLY) < 0)
		_exit(67);
	umask(077);
	_exit(7);
}

static void after(const char *how, pid_t pid)
{
	char where[200] = "?";
	int status = -1;
	int files = 0;

	if (pid < 0) {
		printf("%s: %s\n", how, strerror(errno));
		return;
	}
	if (waitpid(pid, &status, __WALL) < 0)
		printf("%s: wait: %s\n", how, strerror(errno));
	for (int i = 3; i < 30; i++)
		files += fcntl(i, F_GETFD) >= 0;
	printf("%s: ended %x, memory %s, directory %s, mask %o, %d files\n", how, (unsigned)status,
		shared ? "shared" : "own", getcwd(where, sizeof(where)) ? where : "?", umask(022),
		files);
	shared = 0;
	for (int i = 3; i < 30; i++)
		close(i);
	chdir("/work");
}

static void by_library(void)
{
	after("plain", clone(child, stack() + STACK, SIGCHLD, NULL));
	after("CLONE_FS", clone(child, stack() + STACK, CLONE_FS | SIGCHLD, NULL));
	after("CLONE_FILES", clone(child, stack() + STACK, CLONE_FILES | SIGCHLD, NULL));
	after("CLONE_VM", clone(child, stack() + STACK, CLONE_VM | SIGCHLD, NULL));
	after("CLONE_VM|CLONE_VFORK",
		clone(child, stack() + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL));
	after("CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND",
		clone(child, stack() + STACK,
			CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD, NULL));
	after("no signal", clone(child, stack() + STACK, 0, NULL));
}

/* The child goes on on the parent's stack, as Go's os/exec does it. */
__attribute__((noinline)) static pid_t on_the_same_stack(void)
{
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov %[access], %%eax\n\t"
			 "mov %[path], %%rdi\n\t"
			 "mov $4, %%esi\n\t"
			 "syscall\n\t"
			 "mov %%rax, %%rdi\n\t"
			 "add $9, %%rdi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "hlt\n\t"
			 "1:"
			 : "=a"(result)
			 : "0"(SYS_clone), "D"(CLONE_VM | CLONE_VFORK | SIGCHLD), "S"(0),
			 "d"(0), [access] "i"(SYS_access), [path] "r"("/etc/passwd"),
			 [exit] "i"(SYS_exit_group)
			 : "rcx", "r11", "r10", "r8", "memory");
	return (pid_t)result;
}

static void vforks(void)
{
	volatile int whole = 1;

	for (int i = 0; i < 200; i++) {
		int status = 0;
		pid_t pid = on_the_same_stack();

		waitpid(pid, &status, 0);
		whole &= status == 9 << 8;
	}
	printf("on the parent's stack: %s\n", whole ? "all ended as they should" : "lost");
	for (int i = 0; i < 50; i++) {
		int status = 0;
		pid_t pid = vfork();

		if (pid == 0) {
			pid_t grandchild = vfork();

			if (grandchild == 0) {
				execl("/bin/true", "true", (char *)NULL);
				_exit(1);
			}
			waitpid(grandchild, &status, 0);
			execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
			_exit(2);
		}
		waitpid(pid, &status, 0);
		whole &= status == 5 << 8;
	}
	printf("vfork in vfork: %s\n", whole ? "all ended as they should" : "lost");
	pid_t pid = vfork();
	int status = 0;

	if (pid == 0) {
		execl("/none", "none", (char *)NULL);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	printf("vfork and a program that is not there: %d\n", WEXITSTATUS(status));
}

static void by_clone3(void)
{
	int pidfd = -1;
	struct clone_args how = {
		.exit_signal = SIGCHLD, .flags = CLONE_PIDFD, .pidfd = (unsigned long)&pidfd};
	pid_t pid = (pid_t)clone3(&how);

	if (pid == 0)
		child(NULL);
	struct pollfd ended = {pidfd, POLLIN, 0};

	printf("pidfd %s, it tells of the end: %d\n", pidfd >= 0 ? "given" : "missing",
		poll(&ended, 1, 10000));
	after("clone3 with CLONE_PIDFD", pid);
	how = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_FS};
	pid = (pid_t)clone3(&how);
	if (pid == 0)
		child(NULL);
	after("clone3 with CLONE_FS", pid);
	how = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_CLEAR_SIGHAND};
	pid = (pid_t)clone3(&how);
	if (pid == 0)
		child(NULL);
	after("clone3 with CLONE_CLEAR_SIGHAND", pid);
	how = (struct clone_args){
		.exit_signal = SIGCHLD, .flags = CLONE_INTO_CGROUP, .cgroup = 1000};
	printf("into a control group that is none: %s\n", word(clone3(&how)));
	how = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_SIGHAND};
	printf("signal handlers without memory: %s\n", word(clone3(&how)));
	how = (struct clone_args){.exit_signal = SIGCHLD, .stack = 4096};
	printf("a stack without a size: %s\n", word(clone3(&how)));
	printf("too small: %s\n", word(syscall(SYS_clone3, &how, 16)));
	printf("nowhere: %s\n", word(syscall(SYS_clone3, 8, sizeof(how))));
}

/* No room for a jump, here or near: only a trap can stand in the place of this
 * call. */
__asm__(".text\n"
	".globl tight\n"
	".type tight, @function\n"
	".cfi_startproc\n"
	".fill 160, 1, 0xc3\n"
	"tight:\n"
	"	syscall\n"
	"	ret\n"
	".fill 160, 1, 0xc3\n"
	".cfi_endproc\n"
	".size tight, . - tight\n");
extern const char tight[];

static long by_tight(long number, const char *path)
{
	long result;

	__asm__ volatile("call *%[code]"
			 : "=a"(result)
			 : "0"(number), [code] "r"(tight), "D"(path), "S"(R_OK)
			 : "rcx", "r11", "memory");
	return result;
}

/* With default actions where the parent has handlers. What needs a signal on
 * its way works in the child, too. */
static void caught(int signal)
{
	(void)signal;
	shared = 0;
}

static void cleared(void)
{
	struct clone_args how = {.exit_signal = SIGCHLD, .flags = CLONE_CLEAR_SIGHAND};
	struct sigaction action;
	int status;

	signal(SIGUSR1, caught);
	signal(SIGILL, caught);
	signal(SIGSEGV, caught);
	pid_t pid = (pid_t)clone3(&how);

	if (pid == 0) {
		int defaults = 0;

		for (int number = 1; number < 32; number++) {
			if (sigaction(number, NULL, &action) == 0)
				defaults += action.sa_handler == SIG_DFL;
		}
		if (by_tight(SYS_access, "/etc/passwd") < 0 ||
			by_tight(SYS_access, getenv("HOST_ONLY")) == 0)
			_exit(99);
		_exit(defaults);
	}
	waitpid(pid, &status, 0);
	printf("handlers cleared, ended %x\n", (unsigned)status);
	sigaction(SIGILL, NULL, &action);
	printf("the parent's own: %s\n", action.sa_handler == caught ? "kept" : "lost");
}

static int spawned(void *unused)
{
	(void)unused;
	if (by_tight(SYS_access, "/etc/passwd") < 0)
		_exit(1);
	execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
	_exit(2);
}

/* As posix_spawn(3) of younger libcs does it: without the flag where the kernel
 * does not know it. */
static void spawns(void)
{
	char *memory = stack();
	struct clone_args how = {.exit_signal = SIGCHLD,
		.stack = (unsigned long)memory,
		.stack_size = STACK,
		.flags = CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND};
	int status = 0;
	long pid;

	signal(SIGILL, caught);
	/* The child must not return through this function: it goes on on another
	 * stack. */
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%edi, %%edi\n\t"
			 "call *%[spawned]\n\t"
			 "1:"
			 : "=a"(pid)
			 : "0"(SYS_clone3), "D"(&how), "S"(sizeof(how)), [spawned] "r"(spawned)
			 : "rcx", "r11", "rdx", "r8", "r9", "r10", "memory");
	if (pid == -EINVAL)
		pid = clone(spawned, memory + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	waitpid((pid_t)pid, &status, 0);
	printf("spawned, ended %x\n", (unsigned)status);
}

/* CLONE_PARENT: the child's child is the grandparent's. */
static void parent(void)
{
	int status;
	int ends[2];
	pid_t sibling = -1;

	if (pipe(ends) < 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		struct clone_args how = {.exit_signal = 0, .flags = CLONE_PARENT};
		pid_t made = (pid_t)clone3(&how);

		if (made == 0)
			_exit(getppid() == getpid() ? 1 : 3);
		(void)!write(ends[1], &made, sizeof(made));
		_exit(made > 0 ? 0 : 1);
	}
	(void)!read(ends[0], &sibling, sizeof(sibling));
	waitpid(pid, &status, 0);
	printf("child ended %x\n", (unsigned)status);
	printf("its child is ours: %s\n",
		waitpid(sibling, &status, __WALL) == sibling ? "yes" : strerror(errno));
	printf("ended %x\n", (unsigned)status);
}

/* A thread by the bare call, on a stack of its own, that starts a program: the
 * process goes on as that program. */
static int become(void *unused)
{
	(void)unused;
	execl("/bin/sh", "sh", "-c",
		"echo process $(($$ == $1 ? 1 : 0)); ls /proc/self/task | wc -l", "sh",
		getenv("OWN"), (char *)NULL);
	return 1;
}

static int wait_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return 0;
}

static void thread_executes(void)
{
	const int thread =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	char own[20];

	snprintf(own, sizeof(own), "%d", getpid());
	setenv("OWN", own, 1);
	fflush(stdout);
	for (int i = 0; i < 3; i++)
		clone(wait_for_ever, stack() + STACK, thread, NULL);
	clone(become, stack() + STACK, thread, NULL);
	wait_for_ever(NULL);
}

/* A vfork child that is killed, and one that is stopped, leave a parent that
 * works. */
static void interrupted(void)
{
	int status;

	for (int i = 0; i < 100; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			kill(getpid(), SIGKILL);
			_exit(1);
		}
		if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
			puts("not killed");
	}
	printf("%s\n", word(access("/etc/passwd", R_OK)));
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"clone", by_library}, {"vfork", vforks}, {"clone3", by_clone3},
		{"cleared", cleared}, {"spawns", spawns}, {"parent", parent},
		{"executes", thread_executes}, {"interrupted", interrupted}};

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
