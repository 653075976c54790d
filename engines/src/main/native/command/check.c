#include "command/check.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "command/findings.h"
#include "guest/proc.h"
#include "intercept/engine.h"

/* Goes through the tree without following a link or leaving its file system. */

enum { DEPTH_MOST = 200, ENTRIES_BYTES = 2048 };

/* As getdents64(2) fills it. */
struct directory_entry {
	unsigned long long inode;
	long long next;
	unsigned short length;
	unsigned char type;
	char name[];
};

struct checking {
	struct findings findings;
	unsigned long device;
	unsigned depth;
};

static void check_directory(struct checking *checking, int directory);

static void check_entry(struct checking *checking, int directory, const char *name)
{
	struct text *path = &checking->findings.path;
	size_t length = path->length;
	struct stat status;
	long file = -1;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		sys_fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		status.st_dev != checking->device)
		return;
	text_add(path, "/");
	text_add(path, name);
	if ((status.st_mode & S_IFMT) == S_IFDIR) {
		file = sys_openat(
			directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		if (file >= 0)
			check_directory(checking, (int)file);
		else
			findings_unread(&checking->findings, "it cannot be opened by this user");
	} else if ((status.st_mode & S_IFMT) == S_IFREG && (status.st_mode & 0111) != 0) {
		file = sys_openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
		findings_look(&checking->findings, (int)file, status.st_mode);
	}
	if (file >= 0)
		sys_close((int)file);
	text_cut(path, length);
	path->overflow = false;
}

static void check_directory(struct checking *checking, int directory)
{
	_Alignas(struct directory_entry) char entries[ENTRIES_BYTES];
	long length;

	if (checking->depth == DEPTH_MOST) {
		findings_unread(&checking->findings, "too many directories above it");
		return;
	}
	checking->depth++;
	while ((length = sys_getdents64(directory, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < length;) {
			const struct directory_entry *entry =
				(const struct directory_entry *)(const void *)(entries + at);

			check_entry(checking, directory, entry->name);
			at += entry->length;
		}
	}
	checking->depth--;
}

static int complain(const char *tree, long error)
{
	report_error("cannot look through", tree, error);
	return EXIT_ENGINE;
}

static int check_tree(const char *tree, bool json)
{
	static struct checking checking;
	static char root[PATH_BYTES];
	struct stat status;
	long directory = sys_openat(AT_FDCWD, tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	long length;

	if (directory < 0)
		return complain(tree, directory);
	length = proc_read_descriptor((int)directory, root, sizeof(root) - 1);
	if (length < 0)
		return complain(tree, length);
	root[length] = '\0';
	view_set_root(&engine.view, root);
	length = sys_fstatat((int)directory, "", &status, AT_EMPTY_PATH);
	if (length < 0)
		return complain(tree, length);
	checking.device = status.st_dev;
	findings_begin(&checking.findings, json);
	check_directory(&checking, (int)directory);
	return findings_end(&checking.findings);
}

int check_command(char **words)
{
	const char *tree = NULL;
	bool json = false;

	for (; *words != NULL; words++) {
		if (strcmp(*words, "--json") == 0) {
			json = true;
		} else if ((*words)[0] != '-' && tree == NULL) {
			tree = *words;
		} else {
			report("expected check TREE [--json]; see coracle-engine help");
			return EXIT_ENGINE;
		}
	}
	if (tree == NULL) {
		report("no tree given; use check TREE [--json]");
		return EXIT_ENGINE;
	}
	return check_tree(tree, json);
}
