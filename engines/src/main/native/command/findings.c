#include "command/findings.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "command/json.h"
#include "guest/script.h"
#include "intercept/engine.h"
#include "intercept/paths.h"

enum { OUTPUT = 1, READABLE = 0444, LINE_BYTES = 3 * PATH_BYTES };

static void put(struct findings *findings, const struct text *text)
{
	if (sys_write(OUTPUT, text->at, text->length) != (long)text->length)
		findings->failed = true;
}

/* One line: the file, what kind of trouble, and the words for it with what they are about. */
static void tell(struct findings *findings, const char *kind, const char *words, const char *what)
{
	static char bytes[LINE_BYTES];
	static char reason_bytes[PATH_BYTES + 128];
	struct text line = text_in(bytes, sizeof(bytes));
	struct text reason = text_in(reason_bytes, sizeof(reason_bytes));

	text_add(&reason, words);
	text_add(&reason, what);
	if (findings->json) {
		text_add(&line, findings->count == 0 ? "\n{\"path\":" : ",\n{\"path\":");
		json_add_text(&line, findings->path.at);
		text_add(&line, ",\"kind\":");
		json_add_text(&line, kind);
		text_add(&line, ",\"reason\":");
		json_add_text(&line, reason.at);
		text_add(&line, "}");
	} else {
		text_add(&line, findings->path.at);
		text_add(&line, ": ");
		text_add(&line, reason.at);
		text_add(&line, "\n");
	}
	findings->count++;
	put(findings, &line);
}

/* Is it there, in the tree? */
static bool is_there(struct findings *findings, const char *path)
{
	struct walk *walk = &findings->walk;

	return walk_path(walk, &engine.view, &paths_host, "/", path, WALK_FOLLOW) == 0 &&
	       sys_faccessat2(AT_FDCWD, walk->host.at, 0, 0) == 0;
}

static void look_at_script(struct findings *findings, size_t length)
{
	const char *interpreter;
	const char *argument;

	if (script_split(findings->line, length, &interpreter, &argument) < 0)
		tell(findings, "script", "its first line names no interpreter", "");
	/* A relative one depends on where the script is started. */
	else if (interpreter[0] == '/' && !is_there(findings, interpreter))
		tell(findings, "interpreter", "the tree has no interpreter ", interpreter);
}

static bool is_elf(const struct findings *findings, size_t length)
{
	return length >= SELFMAG && memcmp(findings->line, ELFMAG, SELFMAG) == 0;
}

static void look_at_program(struct findings *findings, int file)
{
	long error = elf_read_head(file, &findings->head);
	const Elf64_Ehdr *header = &findings->head.header;

	if (error == -ELF_32_BIT) {
		tell(findings, "32-bit", "a 32-bit program: P runs it, F runs 64-bit ones only",
			"");
	} else if (error < 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
		   header->e_type != ET_REL && header->e_type != ET_CORE) {
		tell(findings, "machine", "a program of another machine, or broken", "");
	} else if (error < 0 && header->e_ident[EI_CLASS] == ELFCLASS32) {
		tell(findings, "machine", "a 32-bit program of another machine", "");
	}
	if ((error == 0 || error == -ELF_32_BIT) && findings->head.interpreter[0] != '\0' &&
		!is_there(findings, findings->head.interpreter))
		tell(findings, "interpreter", "the tree has no interpreter ",
			findings->head.interpreter);
}

void findings_unread(struct findings *findings, const char *why)
{
	tell(findings, "unread", "not looked into: ", why);
}

void findings_look(struct findings *findings, int file, unsigned mode)
{
	long length = 0;

	if ((mode & READABLE) == 0)
		tell(findings, "execute-only",
			"it can be executed but not read, and F has to read it", "");
	else if (file < 0)
		findings_unread(findings, "it cannot be opened by this user");
	if (file < 0)
		return;
	length = sys_pread(file, findings->line, EXEC_LINE_BYTES, 0);
	if (length >= 2 && findings->line[0] == '#' && findings->line[1] == '!')
		look_at_script(findings, (size_t)length);
	else if (length > 0 && is_elf(findings, (size_t)length))
		look_at_program(findings, file);
	else
		return;
	if ((mode & S_ISUID) != 0)
		tell(findings, "set-uid", "set-uid: it will not get the rights of its owner", "");
	else if ((mode & S_ISGID) != 0)
		tell(findings, "set-uid", "set-gid: it will not get the rights of its group", "");
}

void findings_begin(struct findings *findings, bool json)
{
	findings->json = json;
	findings->path = text_in(findings->path_bytes, sizeof(findings->path_bytes));
	if (json && sys_write(OUTPUT, "[", 1) != 1)
		findings->failed = true;
}

int findings_end(struct findings *findings)
{
	if (findings->json && sys_write(OUTPUT, "\n]\n", 3) != 3)
		findings->failed = true;
	if (findings->failed) {
		report("cannot write the report");
		return EXIT_ENGINE;
	}
	return findings->count > 0 ? 1 : 0;
}
