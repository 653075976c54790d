#include "intercept/loader.h"

#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "guest/proc.h"
#include "intercept/engine.h"
#include "intercept/image.h"
#include "intercept/paths.h"
#include "intercept/signals.h"
#include "intercept/state.h"
#include "machine.h"
#include "start.h"

struct engine engine;

/* The process has one thread and no guest yet: its big buffers need not be on the stack. */
static struct elf_head program_head;
static struct elf_head interpreter_head;
static struct walk interpreter_walk;

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
		text_add(&text, ": a 32-bit program; an in-process engine cannot run it, "
				"use mode P where ptrace is allowed");
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
			entry->value = program_head.header.e_phnum;
		else if (entry->type == AT_BASE)
			entry->value = base;
		else if (entry->type == AT_ENTRY)
			entry->value = program->entry;
		else if (entry->type == AT_EXECFN)
			entry->value = (unsigned long)engine.name;
		else if (engine.identity.given && (entry->type == AT_UID || entry->type == AT_EUID))
			entry->value = engine.identity.user;
		else if (engine.identity.given && (entry->type == AT_GID || entry->type == AT_EGID))
			entry->value = engine.identity.group;
	}
}

/* The name that ps(1) shows; the kernel took it from the engine's. Lambda refuses the prctl. */
static void set_name(void)
{
	const char *name = engine.name;
	char short_name[16];
	struct text text = text_in(short_name, sizeof(short_name));
	long file;

	for (const char *at = engine.name; *at != '\0'; at++) {
		if (*at == '/')
			name = at + 1;
	}
	for (size_t i = 0; i < sizeof(short_name) - 1 && name[i] != '\0'; i++)
		text_add_bytes(&text, &name[i], 1);
	if (sys_prctl(PR_SET_NAME, (unsigned long)text.at, 0) == 0)
		return;
	file = sys_openat(AT_FDCWD, "/proc/self/comm", O_WRONLY | O_CLOEXEC, 0);
	if (file < 0)
		return;
	/* Only a name: a process without it runs just as well. */
	(void)sys_write((int)file, text.at, text.length);
	sys_close((int)file);
}

static void map_interpreter(struct image *image)
{
	long file;
	long error = walk_path(&interpreter_walk, &engine.view, &paths_host, "/",
		program_head.interpreter, WALK_FOLLOW);

	if (error < 0)
		fail("interpreter", program_head.interpreter, error);
	file = sys_openat(AT_FDCWD, interpreter_walk.host.at, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0)
		fail("interpreter", program_head.interpreter, file);
	error = elf_read_head((int)file, &interpreter_head);
	if (error == 0)
		error = image_map((int)file, &interpreter_head, image);
	if (error < 0)
		fail("interpreter", program_head.interpreter, error);
	sys_close((int)file);
}

static void map_program(struct image *image)
{
	bool kept = text_starts(engine.file, STATE_KEPT_DESCRIPTOR);
	unsigned long descriptor = 0;
	long file = sys_openat(AT_FDCWD, engine.file, O_RDONLY | O_CLOEXEC, 0);
	long error;

	if (file < 0)
		fail("cannot open", engine.name, file);
	error = elf_read_head((int)file, &program_head);
	if (error == 0)
		error = image_map((int)file, &program_head, image);
	if (error == -EEXIST) {
		report_error("the program's fixed address is not free:", engine.name, error);
		sys_exit_group(EXIT_NOT_EXECUTABLE);
	}
	if (error < 0)
		fail("cannot load", engine.name, error);
	sys_close((int)file);
	if (kept && text_read_number(engine.file + strlen(STATE_KEPT_DESCRIPTOR), &descriptor) > 0)
		sys_close((int)descriptor);
}

/* A program may ask for a stack that holds code. */
static void set_stack_protection(const unsigned long *stack)
{
	for (size_t i = 0; i < program_head.header.e_phnum; i++) {
		const Elf64_Phdr *segment = &program_head.segments[i];

		if (segment->p_type == PT_GNU_STACK && (segment->p_flags & PF_X) != 0)
			sys_mprotect((unsigned long)stack & ~(unsigned long)(MACHINE_PAGE - 1),
				MACHINE_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC | PROT_GROWSDOWN);
	}
}

void loader_start(unsigned long *stack, char *state)
{
	struct vector *vector = close_environment(stack);
	struct image program;
	struct image interpreter = {.bias = 0};
	unsigned long entry;

	if (state_read(&engine, state) < 0) {
		report("the environment holds a broken " STATE_MARK);
		sys_exit_group(EXIT_ENGINE);
	}
	identity_start();
	signals_start();
	set_name();
	map_program(&program);
	entry = program.entry;
	if (program_head.interpreter[0] != '\0') {
		map_interpreter(&interpreter);
		entry = interpreter.entry;
	}
	set_vector(vector, &program, interpreter.bias);
	set_stack_protection(stack);
	start_guest(entry, stack);
}
