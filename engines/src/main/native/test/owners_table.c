#define _DEFAULT_SOURCE

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/owners.h"
#include "test/check.h"

/* guest/owners.c: what one process remembers another finds, whatever happens to the first. */

enum { MANY = 5000, WRITERS = 4 };

/* The linker's name for where the engine's image begins, which a unit test has none of. */
const char engine_begin[1];

static char path[] = "/tmp/owners-table-XXXXXX";
static const struct owners_tree tree = {.inode = 7, .birth = 1, .user = 5, .group = 6};

static struct owners_key key(unsigned long inode)
{
	return (struct owners_key){.device = 0, .inode = inode, .birth = 100};
}

static struct owners_entry found(unsigned long device, unsigned long inode)
{
	struct owners_entry entry = {.birth = -1};

	owners_find(device, inode, &entry);
	return entry;
}

static void remembers(void)
{
	struct owners_key file = key(11);
	struct owners_key elsewhere = {.device = 0x1900000005, .inode = 11, .birth = 9};
	struct owners_entry entry;

	check_number("nothing", false, owners_find(0, 11, &entry));
	check_number("none", false, owners_any());
	check_number("owner", 0, owners_set_owner(&file, 4294967294U, 43));
	check_number("mode", 0, owners_set_mode(&file, 020640, 0x103));
	check_number("other device", 0, owners_set_owner(&elsewhere, 1, 2));
	entry = found(0, 11);
	check_number("user", 4294967294L, entry.user);
	check_number("group", 43, entry.group);
	check_number("mode", 020640, entry.mode);
	check_number("special", 0x103, entry.special);
	check_number("birth", 100, entry.birth);
	check_number("other device's", 2, found(0x1900000005, 11).group);
	owners_drop_mode(&file);
	check_number("no mode", false, found(0, 11).has_mode);
	check_number("still an owner", true, found(0, 11).has_owner);
	owners_forget(0, 11);
	check_number("gone", false, owners_find(0, 11, &entry));
}

/* The number of a file that is gone comes back with another birth. */
static void tells_files_apart(void)
{
	struct owners_key before = key(12);
	struct owners_key after = before;

	after.birth = 200;
	owners_set_owner(&before, 5, 5);
	owners_set_mode(&before, 0, 0);
	owners_set_owner(&after, 6, 6);
	check_number("taken over", 200, found(0, 12).birth);
	check_number("new owner", 6, found(0, 12).user);
	check_number("nothing left", false, found(0, 12).has_mode);
}

static void write_many(unsigned writer)
{
	for (unsigned i = 0; i < MANY; i++) {
		struct owners_key file = key(1000 + i);

		/* Each has a part of every record: none may lose what another wrote. */
		if (writer % 2 == 0)
			owners_set_owner(&file, i, i + 1);
		else
			owners_set_mode(&file, i & 07777, 0);
	}
}

static void shares(void)
{
	long wrong = 0;

	for (unsigned i = 0; i < WRITERS; i++) {
		if (fork() == 0) {
			write_many(i);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < WRITERS; i++)
		wait(NULL);
	for (unsigned i = 0; i < MANY; i++) {
		struct owners_entry entry = found(0, 1000 + i);

		if (entry.user != i || entry.group != i + 1 || entry.mode != (i & 07777) ||
			!entry.has_owner || !entry.has_mode)
			wrong++;
	}
	check_number("wrong records", 0, wrong);
}

/* A process that is killed anywhere leaves a table that others read and write. */
static void survives(void)
{
	for (unsigned round = 0; round < 20; round++) {
		int pipe_ends[2];
		char byte;
		pid_t child;

		check_number("pipe", 0, pipe(pipe_ends));
		child = fork();
		if (child == 0) {
			for (unsigned long i = 0;; i++) {
				struct owners_key file = key(100000 + round * 10000 + i % 10000);

				owners_set_owner(&file, 1, 1);
				owners_set_mode(&file, 1, 0);
				if (i == 50 * round)
					(void)!write(pipe_ends[1], "x", 1);
			}
		}
		check_number("begun", 1, read(pipe_ends[0], &byte, 1));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		for (unsigned long i = 0; i < 10000; i++) {
			struct owners_entry entry;
			unsigned long inode = 100000 + round * 10000 + i;

			if (owners_find(0, inode, &entry) && entry.has_owner && entry.user != 1)
				check_number("user", 1, entry.user);
		}
		{
			struct owners_key file = key(100000 + round * 10000);

			check_number("written on", 0, owners_set_owner(&file, 2, 2));
			check_number("read on", 2, found(0, file.inode).user);
		}
	}
}

static void refuses(void)
{
	unsigned user = 0;
	unsigned group = 0;
	static const struct owners_tree other = {.inode = 8, .birth = 1};
	struct owners_entry entry;
	int version = 2;
	FILE *file;

	check_number("again", 0, owners_create(path, &tree));
	owners_base(&user, &group);
	check_number("whose", 5 * 10 + 6, user * 10 + group);
	check_number("kept", true, owners_find(0, 12, &entry));
	check_number("other tree", 0, owners_create(path, &other));
	check_number("new", false, owners_find(0, 12, &entry));
	file = fopen(path, "r+");
	fseek(file, 15, SEEK_SET);
	fputc(version, file);
	fclose(file);
	check_number("later version", -71, owners_create(path, &other));
	check_number("not used", 0, owners_flags());
}

int main(void)
{
	int file = mkstemp(path);

	close(file);
	unlink(path);
	check_number("made", 0, owners_create(path, &tree));
	remembers();
	tells_files_apart();
	shares();
	survives();
	refuses();
	unlink(path);
	return check_report("owners");
}
