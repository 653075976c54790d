#include "command/emulator.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "command/search.h"
#include "guest/elf.h"
#include "guest/proc.h"

/* Kept for good: engine.custom points to them. */
static char words_bytes[2048];
static char path_bytes[PATH_BYTES];

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin";

static const char *const suffixes[] = {"", "-static"};

enum { WORDS_FIT = sizeof(words_bytes), NOT_STATIC = 4095, ACCESS_EXECUTE = 1 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the command at its blanks. */
static long split(struct custom *custom, const char *command)
{
	size_t length = strlen(command);

	if (length >= WORDS_FIT)
		return -E2BIG;
	for (size_t i = 0; i <= length; i++)
		words_bytes[i] = is_blank(command[i]) ? '\0' : command[i];
	for (size_t i = 0; i < length; i++) {
		if (words_bytes[i] == '\0' || (i > 0 && words_bytes[i - 1] != '\0'))
			continue;
		if (custom->emulator_words == CUSTOM_EMULATOR_WORDS)
			return -E2BIG;
		custom->emulator[custom->emulator_words++] = words_bytes + i;
	}
	return custom->emulator_words > 0 ? 0 : -ENOENT;
}

/*
 * A program that a guest can be run by: for this machine, and without libraries, which it would
 * look for in the guest's tree. 0, -ENOENT, or what is wrong with it.
 */
static long try_file(const char *path)
{
	struct elf_head head;
	long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long length;
	long error;

	if (file < 0)
		return file;
	error = elf_read_head((int)file, &head);
	if (error == 0 && head.interpreter[0] != '\0')
		error = -NOT_STATIC;
	if (error == 0)
		error = sys_faccessat2(AT_FDCWD, path, ACCESS_EXECUTE, AT_EACCESS);
	length = error == 0 ? proc_read_descriptor((int)file, path_bytes, sizeof(path_bytes) - 1)
			    : error;
	sys_close((int)file);
	if (length >= 0)
		path_bytes[length] = '\0';
	return length < 0 ? length : 0;
}

/* In each directory of the PATH; the first thing that is wrong counts if nothing is right. */
static long try_name(const char *name, const char *suffix, const char *path)
{
	char bytes[PATH_BYTES];
	long worst = -ENOENT;

	while (path != NULL) {
		struct text text = text_in(bytes, sizeof(bytes));
		long error;

		search_next(&path, name, &text);
		text_add(&text, suffix);
		error = text.overflow ? -ENAMETOOLONG : try_file(text.at);
		if (error == 0)
			return 0;
		worst = worst == -ENOENT ? error : worst;
	}
	return worst;
}

static long find(const char *name, char **environment)
{
	long worst = -ENOENT;

	if (search_is_path(name))
		return try_file(name);
	/* Debian's static ones have names of their own. */
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		long error = try_name(name, suffixes[i], search_path(environment, default_path));

		if (error == 0)
			return 0;
		worst = worst == -ENOENT ? error : worst;
	}
	return worst;
}

static int complain(const char *command, long error)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "cannot use the emulator ");
	text_add(&text, command);
	text_add(&text, ": ");
	if (error == -NOT_STATIC)
		text_add(&text, "it needs shared libraries, which it would look for in the guest's "
				"tree; give a static one (Debian has them in qemu-user-static)");
	else if (error == -ENOEXEC || error == -ELF_32_BIT)
		text_add(&text, "it is no 64-bit program of this machine");
	else
		text_add_error(&text, error);
	report(text.at);
	return -1;
}

int emulator_find(struct custom *custom, const char *command, char **environment)
{
	long error = split(custom, command);

	if (error == 0)
		error = find(custom->emulator[0], environment);
	if (error < 0)
		return complain(command, error);
	custom->emulator[0] = path_bytes;
	return 0;
}
