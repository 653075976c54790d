/* What programs do with their address space, and what they find in it after an
 * execve. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "words.h"

enum { PAGE = 4096 };

extern char **environ;

static void grow_and_shrink(void)
{
	static char room[4096]; /* not where the library would take memory for it */
	char *begin = sbrk(0);

	setvbuf(stdout, room, _IOFBF, sizeof(room));
	for (int round = 0; round < 3; round++) {
		char *more = sbrk(64 << 20);

		printf("%s", more == begin ? "64 MiB more" : "no more");
		if (more == (void *)-1) {
			printf(": %s\n", strerror(errno));
			return;
		}
		memset(more, round, 64 << 20);
		printf(", %s\n", sbrk(-(64 << 20)) == more + (64 << 20) && sbrk(0) == begin
					 ? "given back"
					 : "kept");
	}
	char *again = sbrk(PAGE);

	printf("zero again: %d\n", again[0] == 0 && again[PAGE - 1] == 0);
}

static void brk_and_children(void)
{
	int status;

	grow_and_shrink();
	fflush(stdout);
	pid_t pid = fork();

	if (pid == 0) {
		grow_and_shrink();
		fflush(stdout);
		_exit(3);
	}
	waitpid(pid, &status, 0);
	printf("child ended %x\n", (unsigned)status);
}

static size_t own_size;

static char *map_itself(void)
{
	int file = open("/proc/self/exe", O_RDONLY);
	char *memory;

	own_size = ((size_t)lseek(file, 0, SEEK_END) + PAGE - 1) & ~(PAGE - 1UL);
	memory = mmap(NULL, own_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	close(file);
	return memory;
}

/* Pages of code that are given back come from the file again. */
static void forgotten_code(void)
{
	Dl_info info;
	char line[500];
	FILE *maps = fopen("/proc/self/maps", "r");
	int advised = 0;

	dladdr((void *)(unsigned long)open, &info);
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long begin;
		unsigned long end;
		char rights[5];
		char name[300] = "";

		sscanf(line, "%lx-%lx %4s %*s %*s %*s %299s", &begin, &end, rights, name);
		if (rights[2] == 'x' && name[0] == '/')
			advised += madvise((void *)begin, end - begin, MADV_DONTNEED) == 0;
	}
	fclose(maps);
	printf("given back: %s, then: %s\n", advised >= 3 ? "all code" : "too little", paths());
	for (int i = 0; i < 1000; i++) {
		if (access("/etc/passwd", R_OK) < 0)
			puts("broken");
	}
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memory[0] = 1;
	printf("data: %s, ", word(madvise(memory, PAGE, MADV_DONTNEED)));
	printf("now %d\n", memory[0]);
	/* Data in the place of code is data, whoever has looked at the code. */
	memory = map_itself();
	mmap(memory, own_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		0);
	memset(memory, 1, own_size);
	printf("data over code: %s, ", word(madvise(memory, own_size, MADV_DONTNEED)));
	printf("now %d %d\n", memory[0], memory[own_size - 1]);
	printf("nowhere: %s\n", word(madvise((void *)(1UL << 46), PAGE, MADV_DONTNEED)));
	printf("unaligned: %s\n", word(madvise((void *)1, PAGE, MADV_DONTNEED)));
	printf("unknown advice: %s\n", word(madvise(memory, PAGE, 999)));
}

/* Is it the same place in two programs that are executed one after the other?
 */
static void places(char **arguments)
{
	static char *const names[] = {"code", "library", "stack", "heap", "mapping", "vdso"};
	int local;
	unsigned long now[6] = {(unsigned long)places, (unsigned long)dlsym(RTLD_DEFAULT, "open"),
		(unsigned long)&local, (unsigned long)sbrk(0),
		(unsigned long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		getauxval(AT_SYSINFO_EHDR)};
	int round = atoi(arguments[2]);
	static unsigned long before[6];
	static int same[6];
	static int rounds;
	char text[1000] = "";

	for (int i = 0; i < 6; i++) {
		char *next = NULL;

		if (round > 0) {
			before[i] = strtoul(strtok(i == 0 ? arguments[3] : NULL, " "), &next, 16);
			same[i] = atoi(next + 1) + (before[i] == now[i]);
		}
		sprintf(text + strlen(text), "%lx,%d ", now[i], same[i]);
	}
	rounds = round;
	if (round < 6) {
		char number[16];
		char *again[] = {arguments[0], arguments[1], number, text, NULL};

		sprintf(number, "%d", round + 1);
		execve("/proc/self/exe", again, environ);
		perror("execve");
	}
	for (int i = 0; i < 6; i++)
		printf("%s: %s\n", names[i],
			same[i] == rounds	   ? "always the same"
			: same[i] < rounds / 2 + 1 ? "moves"
						   : "hardly moves");
}

static void randomised(void)
{
	char *arguments[] = {"spaces", "places", "0", NULL};

	printf("personality %x\n", personality(0xffffffff));
	fflush(stdout);
	execve("/proc/self/exe", arguments, environ);
}

static void not_randomised(void)
{
	printf("before: %x\n", personality(ADDR_NO_RANDOMIZE));
	randomised();
}

static void with_stack(rlim_t size)
{
	struct rlimit limit = {size, RLIM_INFINITY};
	char *arguments[] = {"sh", "-c",
		"ulimit -s; cat /etc/hostname >/dev/null && echo read; "
		"/usr/bin/env true; echo $?",
		NULL};

	printf("limit: %s\n", word(setrlimit(RLIMIT_STACK, &limit)));
	fflush(stdout);
	execve("/bin/sh", arguments, environ);
	perror("execve");
}

static void unlimited_stack(void)
{
	with_stack(RLIM_INFINITY);
}

static void small_stack(void)
{
	with_stack(128 << 10);
}

static void deeper(int left)
{
	volatile char room[PAGE];

	room[0] = (char)left;
	if (left > 0)
		deeper(left - 1);
	room[1] = room[0];
}

static void deep_stack(void)
{
	/* Nearly all of the eight MiB that there usually are: it grows down by
	 * itself. */
	deeper(1900);
	puts(paths());
}

/* Without any argument, and without an environment: Linux gives one empty
 * argument. */
static void nothing(void)
{
	fflush(stdout);
	syscall(SYS_execve, "/proc/self/exe", NULL, NULL);
	perror("execve");
}

static void told(char **arguments)
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
	int zeros = 0;

	for (int i = 0; i < 16; i++)
		zeros += random[i] == 0;
	printf("program %s, first argument '%s', environment %s, secure %lu, %s\n", name,
		arguments[0], environ[0] == NULL ? "empty" : "there", getauxval(AT_SECURE),
		zeros < 8 ? "random" : "not random");
	printf("page %lu, clock %lu, header %s, entry %s\n", getauxval(AT_PAGESZ),
		getauxval(AT_CLKTCK),
		getauxval(AT_PHNUM) > 5 && *(const unsigned *)getauxval(AT_PHDR) == PT_PHDR
			? "there"
			: "missing",
		getauxval(AT_ENTRY) != 0 && getauxval(AT_BASE) != 0 ? "there" : "missing");
	printf("ids %d, smallest signal stack %s, platform %s\n",
		getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid() &&
			getauxval(AT_GID) == getgid(),
		getauxval(AT_MINSIGSTKSZ) > 1000 ? "told" : "not told",
		(const char *)getauxval(AT_PLATFORM));
}

/* The same library twice in one process: each copy has calls of its own. */
static void second_library(void)
{
	for (int i = 0; i < 4; i++) {
		void *library = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);

		if (library == NULL) {
			puts(dlerror());
			return;
		}
		int (*open_there)(const char *, int, ...) =
			(int (*)(const char *, int, ...))dlsym(library, "open");
		char *(*get_there)(char *, size_t) =
			(char *(*)(char *, size_t))dlsym(library, "getcwd");
		char where[100] = "";

		printf("%d %s %s\n", open_there("/etc/passwd", O_RDONLY) >= 0,
			open_there(getenv("HOST_ONLY"), O_RDONLY) < 0 ? "nothing" : "LEAKED",
			get_there(where, sizeof(where)));
	}
}

static volatile int loading = 1;

static void *use_paths(void *unused)
{
	long wrong = 0;

	(void)unused;
	while (loading)
		wrong += access("/etc/passwd", R_OK) != 0 || access(getenv("HOST_ONLY"), F_OK) == 0;
	return (void *)wrong;
}

/* Libraries come and go while other threads make calls. */
static void loaded_meanwhile(void)
{
	static const char *const libraries[] = {
		"libz.so.1", "libm.so.6", "libresolv.so.2", "librt.so.1", "libutil.so.1"};
	pthread_t threads[3];
	void *wrong;
	int loaded = 0;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, use_paths, NULL);
	for (int i = 0; i < 400; i++) {
		void *library = dlopen(libraries[i % 5], RTLD_NOW | RTLD_LOCAL);

		loaded += library != NULL;
		if (library != NULL)
			dlclose(library);
	}
	loading = 0;
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], &wrong);
		printf("wrong answers: %ld\n", (long)wrong);
	}
	printf("loaded %d\n", loaded);
}

/* Code whose text the loader changes: with relocations in it. */
static void changed_text(void)
{
	void *library = dlopen("/opt/guests/textrel.so", RTLD_NOW);

	if (library == NULL) {
		puts(dlerror());
		return;
	}
	long (*there)(const char *) = (long (*)(const char *))dlsym(library, "open_by_text");

	printf("%s, %s\n", there("/etc/passwd") >= 0 ? "opened" : "failed",
		there(getenv("HOST_ONLY")) < 0 ? "nothing" : "LEAKED");
}

/* Text that may not be changed any more, and still is the engine's business. */
static void sealed_text(void)
{
	unsigned long page = (unsigned long)sealed_text & ~(PAGE - 1UL);

	printf("%s\n", word(syscall(462, page, PAGE, 0)));
	printf("%s\n", word(mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC)));
	puts(paths());
	fflush(stdout);
	if (fork() == 0) {
		puts(paths());
		exit(0);
	}
	wait(NULL);
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {{"brk", brk_and_children}, {"forgotten", forgotten_code},
		{"randomised", randomised}, {"not-randomised", not_randomised},
		{"unlimited", unlimited_stack}, {"small", small_stack}, {"deep", deep_stack},
		{"nothing", nothing}, {"second", second_library}, {"meanwhile", loaded_meanwhile},
		{"textrel", changed_text}, {"sealed", sealed_text}};

	if (count > 2 && strcmp(arguments[1], "places") == 0)
		places(arguments);
	if (count < 2 || strcmp(arguments[1], "told") == 0)
		told(arguments);
	for (size_t i = 0; count > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(arguments[1], parts[i].name) == 0)
			parts[i].run();
	}
	return 0;
}
