#define _GNU_SOURCE

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * loader_fuzz ENGINE ROUNDS GUEST...: runs programs whose ELF headers are damaged under the engine,
 * in a tree that holds nothing else. Whatever they are, the engine loads them or says why not: it
 * never fails itself, and it never ends a process without a word. Prints what went wrong, keeps the
 * first program that did it, and then one line of counts; exits 1 if anything was wrong.
 */

enum { FILE_MOST = 1 << 20, TEXT_MOST = 4096, SECONDS = 10, NOBODY = 65534 };

static char tree[] = "/tmp/loader-fuzz-XXXXXX";
static char place[64];
static unsigned char original[FILE_MOST];
static unsigned char mutant[FILE_MOST];
static size_t size;
static unsigned long loaded, refused, ended, slow, wrong;

struct outcome {
	char text[TEXT_MOST]; /* what it said on standard error */
	int status;
	bool late;
};

static unsigned long pick(unsigned long below)
{
	return (unsigned long)random() % below;
}

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static size_t read_file(const char *name, unsigned char *bytes)
{
	int file = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : read(file, bytes, FILE_MOST);

	if (got <= 0)
		fail(name);
	close(file);
	return (size_t)got;
}

static void write_file(const char *name, const unsigned char *bytes, size_t length)
{
	int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (file < 0 || write(file, bytes, length) != (ssize_t)length || fchmod(file, 0755) < 0)
		fail(name);
	close(file);
}

static unsigned long odd_value(unsigned long before)
{
	/* Around what the loader compares with, and where the engine lies. */
	static const unsigned long values[] = {0, 1, 7, 8, 0xfff, 0x1000, 0x1001, 0x7fffffff,
		0x80000000, 0xffffffff, 0x7c000000, 0x7c001000, 0x7bfff000, 0x7e000000, 1UL << 46,
		(1UL << 47) - 0x1000, (1UL << 47) - 1, 1UL << 47, 1UL << 63, ~0UL, ~0UL - 0xfff,
		0x200000, 0x10000};

	switch (pick(4)) {
	case 0:
		return before ^ 1UL << pick(64);
	case 1:
		return before + pick(0x4000) - 0x2000;
	case 2:
		return (unsigned long)random() << 32 ^ (unsigned long)random();
	default:
		return values[pick(sizeof(values) / sizeof(values[0]))];
	}
}

/* One field of the header or of a segment, or one byte of either; sometimes the file ends early. */
static void damage(void)
{
	const Elf64_Ehdr *header = (const void *)mutant;
	size_t tables = sizeof(*header) + header->e_phnum * sizeof(Elf64_Phdr);
	size_t at;

	if (tables > size || header->e_phnum == 0)
		tables = sizeof(*header) + sizeof(Elf64_Phdr);
	if (pick(4) == 0) {
		mutant[pick(tables)] = (unsigned char)random();
		return;
	}
	at = pick(3) == 0 ? 24 + 8 * pick(3)
			  : sizeof(*header) + 8 * pick((tables - sizeof(*header)) / 8);
	if (at + 8 <= size) {
		unsigned long value;

		memcpy(&value, mutant + at, 8);
		value = odd_value(value);
		memcpy(mutant + at, &value, 8);
	}
}

static void become_mutant(int engine, int errors)
{
	struct rlimit seconds = {SECONDS / 2, SECONDS / 2};
	struct rlimit none = {0, 0};
	char root[64];

	snprintf(root, sizeof(root), "--root=%s", tree);
	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
	dup2(open("/dev/null", O_RDWR), 1);
	dup2(errors, 2);
	if (geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		_exit(99);
	/* Nobody may not get there by name. */
	fexecve(engine, (char *[]){"coracle-engine", "run", root, "--", "/mutant", NULL}, environ);
	_exit(98);
}

static void collect(int errors, struct outcome *outcome)
{
	time_t end = time(NULL) + SECONDS;
	size_t length = 0;

	for (;;) {
		struct pollfd wait = {.fd = errors, .events = POLLIN};
		ssize_t got = 0;

		if (poll(&wait, 1, 1000) > 0) {
			got = read(
				errors, outcome->text + length, sizeof(outcome->text) - 1 - length);
			if (got <= 0)
				break;
			length += (size_t)got;
		}
		if (time(NULL) > end) {
			outcome->late = true;
			break;
		}
	}
	outcome->text[length] = '\0';
}

static void run(int engine, struct outcome *outcome)
{
	int pipes[2];
	pid_t child;

	memset(outcome, 0, sizeof(*outcome));
	if (pipe2(pipes, O_CLOEXEC) < 0)
		fail("pipe");
	child = fork();
	if (child == 0)
		become_mutant(engine, pipes[1]);
	close(pipes[1]);
	collect(pipes[0], outcome);
	close(pipes[0]);
	if (outcome->late)
		kill(child, SIGKILL);
	waitpid(child, &outcome->status, 0);
}

static void keep(const char *why, const struct outcome *outcome)
{
	char kept[128];

	snprintf(kept, sizeof(kept), "%s/wrong-%lu", tree, wrong++);
	write_file(kept, mutant, size);
	printf("%s: status %x, %s, said: %s\n", kept, outcome->status, why, outcome->text);
}

static void judge(const struct outcome *outcome)
{
	int code = WIFEXITED(outcome->status) ? WEXITSTATUS(outcome->status) : -1;
	bool spoke = strstr(outcome->text, "coracle-engine: ") != NULL;

	slow += outcome->late;
	if (strstr(outcome->text, "the engine itself failed") != NULL)
		keep("the engine failed", outcome);
	else if (code >= 98 && code <= 127 && !spoke)
		keep("no word of why", outcome);
	else if (code == 125)
		keep("not a word of the program", outcome);
	else if (spoke)
		refused++;
	else if (code == 0)
		loaded++;
	else
		ended++;
}

static void mutate(int engine, const char *guest, unsigned long rounds)
{
	struct outcome outcome;

	size = read_file(guest, original);
	for (unsigned long round = 0; round < rounds; round++) {
		size_t whole = size;

		memcpy(mutant, original, size);
		for (unsigned long hits = round == 0 ? 0 : 1 + pick(3); hits > 0; hits--)
			damage();
		if (pick(16) == 0)
			size = 1 + pick(size);
		write_file(place, mutant, size);
		run(engine, &outcome);
		judge(&outcome);
		if (round == 0 && outcome.status != 0)
			keep("undamaged", &outcome);
		size = whole;
	}
}

int main(int count, char **arguments)
{
	unsigned long rounds = count > 3 ? strtoul(arguments[2], NULL, 10) : 0;

	int engine = count > 3 ? open(arguments[1], O_PATH) : -1;

	if (rounds == 0 || engine < 0 || mkdtemp(tree) == NULL || chmod(tree, 0755) < 0)
		return 2;
	snprintf(place, sizeof(place), "%s/mutant", tree);
	srandom(1);
	for (int i = 3; i < count; i++)
		mutate(engine, arguments[i], rounds);
	printf("loader_fuzz: %lu loaded, %lu refused, %lu ended otherwise, %lu slow, %lu wrong\n",
		loaded, refused, ended, slow, wrong);
	unlink(place);
	rmdir(tree);
	return wrong != 0;
}
