#include "command/index.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "command/attach.h"
#include "command/builder.h"
#include "command/options.h"
#include "guest/proc.h"
#include "machine.h"
#include "path/view.h"

/* The index is written beside its place and takes it at the end, whole. */

static int complain(const char *what, const char *subject, long error)
{
	report_error(what, subject, error);
	return EXIT_ENGINE;
}

static long take_memory(size_t size)
{
	return sys_mmap(0, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

struct words {
	const char *tree;
	const char *out;
	const char *from; /* an index that has travelled with the tree */
	bool travels;	  /* make one that can */
	bool all;	  /* for mode P2 */
	bool check;	  /* do nothing but say whether the index that is there can be used */
};

static long start(struct builder *builder, int file, int tree, const struct words *given)
{
	struct stat status;
	long entries = take_memory(sizeof(struct index_entry) << BUILDER_ENTRY_BITS);
	long codes = take_memory(sizeof(struct index_code) * BUILDER_CODES_MOST);
	long names = take_memory(BUILDER_NAME_BYTES + 1);
	long error = sys_fstatat(tree, "", &status, AT_EMPTY_PATH);

	if (sys_failed(entries) || sys_failed(codes) || sys_failed(names))
		return -ENOMEM;
	*builder = (struct builder){
		.file = file,
		.at = MACHINE_PAGE,
		.device = status.st_dev,
		.tree = given->travels ? 0 : status.st_ino,
		.all = given->all,
		.entries = (struct index_entry *)entries,
		.codes = (struct index_code *)codes,
		.names = text_in((char *)names, BUILDER_NAME_BYTES + 1),
	};
	return error;
}

static void tell(const struct builder *builder, const char *path)
{
	static char line[PATH_HOST_BYTES + 256];
	struct text text = text_in(line, sizeof(line));

	text_add_number(&text, builder->files);
	text_add(&text, " programs and libraries, ");
	text_add_number(&text, builder->code_count);
	text_add(&text, " of them patched");
	if (builder->left_out > 0) {
		text_add(&text, ", ");
		text_add_number(&text, (long)builder->left_out);
		text_add(&text, " left to mode F1");
	}
	text_add(&text, ": ");
	text_add(&text, path);
	text_add(&text, "\n");
	/* The index is there whether anybody reads this or not. */
	(void)sys_write(1, text.at, text.length);
}

static int build(int tree, const char *path, const struct words *given)
{
	static struct builder builder;

	static char temporary[PATH_HOST_BYTES];
	struct text name = text_in(temporary, sizeof(temporary));
	long file;
	long error;

	text_add(&name, path);
	text_add(&name, ".");
	text_add_number(&name, sys_getpid());
	file = name.overflow ? -ENAMETOOLONG
			     : sys_openat(AT_FDCWD, name.at,
				       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (file < 0)
		return complain("cannot write", name.at, file);
	error = start(&builder, (int)file, tree, given);
	if (error == 0)
		error = given->from != NULL ? builder_adopt(&builder, tree, given->from)
					    : builder_add_directory(&builder, tree);
	if (error == 0)
		error = builder_finish(&builder);
	if (error == 0)
		error = sys_renameat(AT_FDCWD, name.at, AT_FDCWD, path);
	if (error < 0) {
		/* What is left behind otherwise is only a file of that name. */
		(void)sys_unlinkat(AT_FDCWD, name.at, 0);
		if (given->from != NULL)
			index_complain(given->from, error);
		else
			complain("cannot make the index", path, error);
		return EXIT_ENGINE;
	}
	tell(&builder, path);
	return 0;
}

static int read_words(char **words, struct words *into)
{
	for (; *words != NULL; words++) {
		const char *value = options_value(*words, "--out=");

		if (value != NULL) {
			into->out = value;
		} else if (options_value(*words, "--from=") != NULL) {
			into->from = options_value(*words, "--from=");
		} else if (strcmp(*words, "--travels") == 0) {
			into->travels = true;
		} else if (strcmp(*words, "--for=P2") == 0) {
			into->all = true;
		} else if (strcmp(*words, "--check") == 0) {
			into->check = true;
		} else if (into->tree == NULL && (*words)[0] != '-') {
			into->tree = *words;
		} else {
			report("expected index TREE [--out=FILE] [--for=P2] "
			       "[--travels|--from=FILE|--check]; see coracle-engine help");
			return EXIT_ENGINE;
		}
	}
	if (into->tree == NULL)
		report("no tree given; use index TREE");
	else if (into->check + into->travels + (into->from != NULL) > 1)
		report("index takes only one of --travels, --from and --check");
	else
		return 0;
	return EXIT_ENGINE;
}

int index_command(char **words)
{
	struct words given = {.tree = NULL};
	static char root[PATH_BYTES];
	static char path_bytes[PATH_HOST_BYTES];
	struct text path = text_in(path_bytes, sizeof(path_bytes));
	long file;
	long length;

	if (read_words(words, &given) != 0)
		return EXIT_ENGINE;
	file = sys_openat(AT_FDCWD, given.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	length = file < 0 ? file : proc_read_descriptor((int)file, root, sizeof(root) - 1);
	if (length < 0)
		return complain("cannot use the tree", given.tree, length);
	root[length] = '\0';
	if (given.check)
		return index_attach(root, given.out, given.all) == 0 ? 0 : EXIT_ENGINE;
	index_path(&path, root, given.out, given.all);
	if (path.overflow)
		return complain("cannot use the tree", given.tree, -ENAMETOOLONG);
	return build((int)file, path.at, &given);
}
