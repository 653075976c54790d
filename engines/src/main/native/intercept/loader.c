#include "intercept/loader.h"

#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "compat.h"
#include "guest/auxiliary.h"
#include "guest/identity.h"
#include "guest/proc.h"
#include "guest/program_file.h"
#include "guest/release.h"
#include "intercept/engine.h"
#include "intercept/image.h"
#include "intercept/index.h"
#include "intercept/paths.h"
#include "intercept/signals.h"
#include "intercept/state.h"
#include "intercept/thread_name.h"
#include "intercept/trapping.h"
#include "machine.h"
#include "start.h"

struct engine engine;

/*
 * There is no guest yet, and its first calls will use the first slot: what is written here costs no
 * page that would not be written then.
 */
struct heads {
	struct elf_head program;
	struct elf_head interpreter;
};

_Static_assert(sizeof(struct heads) <= sizeof(((struct slot *)0)->bytes), "fits");

static struct slot *first_slot(void)
{
	return (struct slot *)(void *)slot_pool;
}

static struct heads *heads(void)
{
	return (struct heads *)(void *)first_slot()->bytes;
}

struct vector {
	unsigned long type;
	unsigned long value;
};

__attribute__((noreturn)) static void fail(const char *what, const char *subject, long error)
{
	if (error == -ELF_32_BIT) {
		char line[PATH_BYTES + 128];
		struct text text = text_in(line, sizeof(line));

		text_add(&text, subject);
		text_add(&text,
			(engine.trapping & TRAPPING_TRACED) == 0
				? ": a 32-bit program; this mode runs 64-bit programs only: "
				  "use --mode=P1 or P2 where the host allows ptrace"
				: ": a 32-bit program; neither this kernel nor a program that a "
				  "debugger of the guest traces has its system calls");
		report(text.at);
		sys_exit_group(EXIT_NOT_EXECUTABLE);
	}
	report_error(what, subject, error);
	sys_exit_group(error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/*
 * Takes the state out of the environment. The auxiliary vector moves down over its place, so that
 * the stack pointer, whose alignment the guest relies on, stays where it is. Returns the vector.
 */
static struct vector *close_environment(unsigned long *stack)
{
	unsigned long *at = stack + 1 + stack[0] + 1;
	struct vector *from;
	struct vector *to;

	while (at[1] != 0)
		at++;
	from = (struct vector *)(void *)(at + 2);
	to = (struct vector *)(void *)(at + 1);
	at[0] = 0;
	for (struct vector *entry = to;; entry++, from++) {
		*entry = *from;
		if (entry->type == AT_NULL)
			return to;
	}
}

static void set_identity(struct vector *entry)
{
	if (entry->type == AT_UID)
		entry->value = engine.identity.user.first;
	else if (entry->type == AT_EUID)
		entry->value = engine.identity.user.effective;
	else if (entry->type == AT_GID)
		entry->value = engine.identity.group.first;
	else if (entry->type == AT_EGID)
		entry->value = engine.identity.group.effective;
	else if (entry->type == AT_SECURE)
		entry->value = engine.identity.secure ? 1 : 0;
}

static void set_vector(struct vector *vector, const struct image *program, unsigned long base)
{
	for (struct vector *entry = vector; entry->type != AT_NULL; entry++) {
		if (entry->type == AT_HWCAP2)
			slot_has_thread_pointer = MACHINE_THREAD_POINTER(entry->value);
		else if (entry->type == AT_PHDR)
			entry->value = program->headers;
		else if (entry->type == AT_PHENT)
			entry->value = sizeof(Elf64_Phdr);
		else if (entry->type == AT_PHNUM)
			entry->value = heads()->program.header.e_phnum;
		else if (entry->type == AT_BASE)
			entry->value = base;
		else if (entry->type == AT_ENTRY)
			entry->value = program->entry;
		else if (entry->type == AT_EXECFN)
			entry->value = (unsigned long)engine.name;
		else if (entry->type == AT_SYSINFO_EHDR)
			release_start(entry->value);
		else if (engine.identity.given)
			set_identity(entry);
	}
}

static const char *last_name(const char *path)
{
	const char *name = path;

	for (const char *at = path; *at != '\0'; at++) {
		if (*at == '/')
			name = at + 1;
	}
	return name;
}

/* A program that was executed by its descriptor is called as its file (since Linux 6.14). */
static const char *own_name(void)
{
	unsigned long descriptor;
	const char *by_descriptor = "/dev/fd/";

	if (text_starts(engine.name, by_descriptor) &&
		text_read_number(engine.name + strlen(by_descriptor), &descriptor) ==
			strlen(engine.name + strlen(by_descriptor)))
		return last_name(engine.exe);
	return last_name(engine.name);
}

/* The name that ps(1) shows; the kernel took it from the engine's. */
static void set_name(void)
{
	const char *name = own_name();
	char short_name[THREAD_NAME_MOST + 1];
	struct text text = text_in(short_name, sizeof(short_name));

	for (size_t i = 0; i < THREAD_NAME_MOST && name[i] != '\0'; i++)
		text_add_bytes(&text, &name[i], 1);
	/* Only a name: a process without it runs just as well. */
	(void)thread_name_set(text.at);
}

/* The old program has found it; if this file is another than it saw, it must be found anew. */
static const char *find_interpreter(void)
{
	struct walk *walk = &first_slot()->walk;
	long error;

	if (engine.interpreter[0] != '\0')
		return engine.interpreter;
	error = walk_path(
		walk, &engine.view, &paths_host, "/", heads()->program.interpreter, WALK_FOLLOW);
	if (error < 0)
		fail("interpreter", heads()->program.interpreter, error);
	return walk->host.at;
}

/* Where descriptors are short the index is given up first: nothing needs it. */
static long open_file(const char *path, int *index)
{
	long file = program_file_reopen(path);

	if (file != -EMFILE || *index < 0)
		return file;
	sys_close(*index);
	*index = -1;
	return program_file_reopen(path);
}

/* Both are of 32 bits, or neither; the program comes first and has said if that can be. */
static long read_head(int file, struct elf_head *head, bool *compat)
{
	long error = elf_read_head(file, head);

	if (error == -ELF_32_BIT && (engine.trapping & TRAPPING_TRACED) != 0)
		*compat = true;
	return error == -ELF_32_BIT && *compat ? 0 : error;
}

static void map_interpreter(int *index, struct image *image, bool compat)
{
	struct elf_head *head = &heads()->interpreter;
	bool small = false;
	long file = open_file(find_interpreter(), index);
	long error;

	if (file < 0)
		fail("interpreter", heads()->program.interpreter, file);
	error = read_head((int)file, head, &small);
	if (error == 0 && small != compat)
		error = -ELIBBAD;
	if (error == 0)
		error = image_map((int)file, *index, head, image);
	if (error < 0)
		fail("interpreter", heads()->program.interpreter, error);
	sys_close((int)file);
}

static bool map_program(int *index, struct image *image)
{
	struct elf_head *head = &heads()->program;
	bool kept = text_starts(engine.file, STATE_KEPT_DESCRIPTOR);
	bool compat = false;
	unsigned long descriptor = 0;
	long file = open_file(engine.file, index);
	long error;

	if (file < 0)
		fail("cannot open", engine.name, file);
	error = read_head((int)file, head, &compat);
	if (error == 0 && compat && compat_check() < 0)
		error = -ELF_32_BIT;
	if (error == 0)
		error = image_map((int)file, *index, head, image);
	if (error == -EEXIST) {
		report_error("the program's fixed address is not free:", engine.name, error);
		sys_exit_group(EXIT_NOT_EXECUTABLE);
	}
	if (error < 0)
		fail("cannot load", engine.name, error);
	sys_close((int)file);
	if (kept && text_read_number(engine.file + strlen(STATE_KEPT_DESCRIPTOR), &descriptor) > 0)
		sys_close((int)descriptor);
	return compat;
}

/* Without it, or with another in its place, code is looked through as in F1. */
static int open_index(void)
{
	long index = index_open();

	if (index >= 0 && index_use((int)index) < 0) {
		sys_close((int)index);
		index = -1;
	}
	return (int)index;
}

/* A program may ask for a stack that holds code; one of 32 bits that says nothing does. */
static bool wants_executable_stack(bool compat)
{
	const struct elf_head *head = &heads()->program;
	bool executable = compat;

	for (size_t i = 0; i < head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &head->segments[i];

		if (segment->p_type == PT_GNU_STACK)
			executable = (segment->p_flags & PF_X) != 0;
	}
	return executable;
}

static void set_stack_protection(const unsigned long *stack)
{
	if (wants_executable_stack(false))
		sys_mprotect((unsigned long)stack & ~(unsigned long)(MACHINE_PAGE - 1),
			MACHINE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN);
}

__attribute__((noreturn)) static void start_compat(
	unsigned long entry, unsigned long *stack, const struct vector *vector)
{
	struct compat_program program = {.entry = entry,
		.stack = stack,
		.vector = vector,
		.executable_stack = wants_executable_stack(true)};

	fail("cannot start", engine.name, compat_start(&program));
}

void loader_start(unsigned long *stack, char *state)
{
	struct vector *vector = close_environment(stack);
	struct image program;
	struct image interpreter = {.bias = 0};
	unsigned long entry;
	long error;
	bool compat;
	int index;

	if (state_read(&engine, state) < 0) {
		report("the environment holds a broken " STATE_MARK);
		sys_exit_group(EXIT_ENGINE);
	}
	error = trapping_go_on();
	if (error < 0) {
		report_error("cannot have calls dispatched, in mode", "P2", error);
		sys_exit_group(EXIT_ENGINE);
	}
	identity_start();
	signals_start();
	set_name();
	index = open_index();
	compat = map_program(&index, &program);
	entry = program.entry;
	if (heads()->program.interpreter[0] != '\0') {
		map_interpreter(&index, &interpreter, compat);
		entry = interpreter.entry;
	}
	if (index >= 0)
		sys_close(index);
	set_vector(vector, &program, interpreter.bias);
	if (compat)
		start_compat(entry, stack, vector);
	auxiliary_keep(vector);
	set_stack_protection(stack);
	start_guest(entry, stack);
}
