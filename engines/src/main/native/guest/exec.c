#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/arguments.h"
#include "guest/elf.h"
#include "guest/exec_request.h"
#include "guest/ownership.h"
#include "guest/proc.h"
#include "guest/program_file.h"
#include "guest/script.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "intercept/signals.h"
#include "intercept/state.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "syscall.h"

/*
 * execve(2) for the guest: find the program in the guest's view, follow its "#!" lines, and then
 * let the kernel execute the engine, which loads it. What the kernel would refuse is refused here,
 * while the caller still lives. Nothing in memory is changed but the slot: a vfork parent shares
 * it.
 */

enum { ACCESS_EXECUTE = 1, TRIES_MOST = 32 };

/* A program named by descriptor. Its text is what /proc shows; its file is reopened through /proc.
 */
static long find_by_descriptor(struct request *request, int descriptor)
{
	struct exec_work *exec = &request->slot->exec;
	struct text exe = text_in(exec->exe, sizeof(exec->exe));
	struct text file = text_in(exec->file, sizeof(exec->file));
	long error;

	/* The working directory. */
	if (descriptor == AT_FDCWD)
		return -EACCES;
	error = program_file_check(descriptor);
	if (error < 0)
		return error;
	text_add(&file, "/proc/");
	text_add_number(&file, sys_getpid());
	text_add(&file, "/fd/");
	text_add_number(&file, descriptor);
	error = proc_link_text(&engine.view, file.at, &exe);
	request->descriptor = descriptor;
	return error < 0 ? error : sys_openat(AT_FDCWD, file.at, O_RDONLY | O_CLOEXEC, 0);
}

/* What a walk has found, opened. */
static long open_found(struct request *request, bool follow)
{
	struct slot *slot = request->slot;
	struct proc_place place = proc_place_of(slot->walk.host.at);

	if (follow && place.link == PROC_DESCRIPTOR &&
		place.process == (unsigned long)sys_getpid()) {
		long file = find_by_descriptor(request, (int)place.descriptor);

		/* Of a descriptor that is not open /proc has no link. */
		return file == -EBADF ? -ENOENT : file;
	}
	memcpy(slot->exec.exe, slot->walk.guest.at, slot->walk.guest.length + 1);
	memcpy(slot->exec.file, slot->walk.host.at, slot->walk.host.length + 1);
	request->descriptor = -1;
	return program_file_open(&slot->walk);
}

/* Finds the program that slot->path names, into slot->exec; links that appear meanwhile make that
 * begin again. */
static long find_by_path(struct request *request)
{
	bool follow = (request->flags & AT_SYMLINK_NOFOLLOW) == 0;
	long file = -ELOOP;

	/* A directory, which may be gone by now: the kernel knows best why not. */
	if (strcmp(request->slot->path, ".") == 0)
		return raw_syscall(__NR_execveat, request->directory, (long)request->slot->path, 0,
			0, request->flags, 0);
	for (int i = 0; i < TRIES_MOST && file == -ELOOP; i++) {
		long error = paths_walk(
			request->slot, request->directory, follow ? WALK_FOLLOW : WALK_LINK);

		if (error < 0)
			return error;
		file = open_found(request, follow);
		if (!follow)
			break;
	}
	return file;
}

static bool is_by_descriptor(const struct request *request)
{
	return request->directory != AT_FDCWD && request->slot->exec.name[0] != '/';
}

/* The name of the program: for itself, and for the interpreter of a script. */
static const char *name_of(const struct request *request)
{
	struct slot *slot = request->slot;
	struct text name = text_in(slot->first_host, sizeof(slot->first_host));

	if (!is_by_descriptor(request))
		return slot->exec.name;
	text_add(&name, "/dev/fd/");
	text_add_number(&name, request->directory);
	if (slot->exec.name[0] != '\0') {
		text_add(&name, "/");
		text_add(&name, slot->exec.name);
	}
	return slot->first_host;
}

/* Takes one "#!" line: the interpreter becomes the program to find next. 1, or -errno. */
static long enter_script(struct request *request, size_t depth, size_t length)
{
	struct slot *slot = request->slot;
	const char *interpreter;
	const char *argument;
	long error;

	error = script_split(slot->exec.lines[depth], length, &interpreter, &argument);
	if (error < 0)
		return error;
	/* The interpreter could not open a script whose descriptor closes on the way. */
	if (depth == 0 && is_by_descriptor(request) &&
		(sys_fcntl(request->directory, F_GETFD, 0) & FD_CLOEXEC) != 0)
		return -ENOENT;
	if (depth == 0)
		request->prefix[request->prefixes++] = request->name;
	if (argument != NULL)
		request->prefix[request->prefixes++] = argument;
	request->prefix[request->prefixes++] = interpreter;
	memcpy(slot->path, interpreter, strlen(interpreter) + 1);
	request->directory = AT_FDCWD;
	request->flags = 0;
	return 1;
}

/* One that this very program has needs no second look. */
static long check_interpreter(const struct walk *walk, bool compat)
{
	const char *host = walk->host.at;
	Elf64_Ehdr header;
	long descriptor;
	long length;

	if (engine.interpreter != NULL && strcmp(host, engine.interpreter) == 0)
		return sys_faccessat2(AT_FDCWD, host, ACCESS_EXECUTE, AT_EACCESS);
	descriptor = program_file_open(walk);
	if (descriptor < 0)
		return descriptor;
	length = sys_pread((int)descriptor, &header, sizeof(header), 0);
	sys_close((int)descriptor);
	if (length != (long)sizeof(header))
		return length < 0 ? length : -EIO;
	return (compat ? elf_is_compat(&header) : elf_is_native(&header)) ? 0 : -ELIBBAD;
}

/* The interpreter of an ELF program must be there too, or the kernel says ENOENT. */
static long check_program(struct request *request, int descriptor, long length)
{
	struct slot *slot = request->slot;
	struct elf_head *head = (struct elf_head *)(void *)slot->bytes;
	long error = elf_check(descriptor, head, length);
	bool compat = error == -ELF_32_BIT;

	request->emulated = engine.custom.emulator_words > 0 && error < 0 &&
			    elf_is_foreign(&head->header, length);
	/* Where it cannot run the new process explains it on its standard error; here there is no
	 * way to. */
	if (request->emulated || (compat && (engine.trapping & TRAPPING_TRACED) == 0))
		return 0;
	if (compat)
		error = head->header.e_phnum > 0 ? 0 : -ENOEXEC;
	if (error < 0 || head->interpreter[0] == '\0')
		return error;
	memcpy(slot->path, head->interpreter, strlen(head->interpreter) + 1);
	error = paths_walk(slot, AT_FDCWD, WALK_FOLLOW);
	if (error < 0)
		return error;
	request->interpreted = true;
	return check_interpreter(&slot->walk, compat);
}

_Static_assert(sizeof(struct elf_head) <= sizeof(((struct slot *)0)->bytes), "fits");

/* Looks into the file that was found. 1: a script, look at its interpreter next; 0: a program. */
static long look_inside(struct request *request, int descriptor, size_t depth)
{
	struct slot *slot = request->slot;
	struct elf_head *head = (struct elf_head *)(void *)slot->bytes;
	const char *line = (const char *)&head->header;
	long length = elf_read_first(descriptor, head);
	long result;

	if (length < 0) {
		result = length;
	} else if (length >= 2 && line[0] == '#' && line[1] == '!') {
		length = length < EXEC_LINE_BYTES ? length : EXEC_LINE_BYTES;
		memcpy(slot->exec.lines[depth], line, (size_t)length);
		result = enter_script(request, depth, (size_t)length);
	} else {
		result = check_program(request, descriptor, length);
	}
	return result;
}

static long find_program(struct request *request)
{
	struct slot *slot = request->slot;
	long error = paths_read(slot, request->path);
	int file;

	if (error < 0)
		return error;
	if (error == 0 && (request->flags & AT_EMPTY_PATH) == 0)
		return -ENOENT;
	if ((request->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_EXECVE_CHECK)) != 0)
		return -EINVAL;
	memcpy(slot->exec.name, slot->path, (size_t)error + 1);
	request->name = name_of(request);
	for (size_t depth = 0; depth <= EXEC_SCRIPTS_MOST; depth++) {
		if (slot->path[0] == '\0' && (request->flags & AT_EMPTY_PATH) != 0)
			error = find_by_descriptor(request, request->directory);
		else
			error = find_by_path(request);
		if (error < 0)
			return error;
		file = (int)error;
		/* Nobody is asked what is in it when it is not going to run. */
		error = (request->flags & AT_EXECVE_CHECK) != 0 ? 0
								: look_inside(request, file, depth);
		sys_close(file);
		if (error <= 0)
			return error;
	}
	return -ELOOP;
}

/* Descriptors that name the program must outlive the exec, whatever their close-on-exec says. */
static long keep_descriptor(struct request *request)
{
	struct exec_work *exec = &request->slot->exec;
	struct text file;
	long kept;

	if (request->descriptor < 0)
		return 0;
	kept = sys_fcntl(request->descriptor, F_DUPFD, 0);
	if (kept < 0)
		return kept;
	request->kept = (int)kept;
	file = text_in(exec->file, sizeof(exec->file));
	text_add(&file, STATE_KEPT_DESCRIPTOR);
	text_add_number(&file, kept);
	return 0;
}

static long hand_over(struct request *request)
{
	struct slot *slot = request->slot;
	char *state_bytes = slot->walk.rest_bytes[0];
	struct text state = text_in(state_bytes, sizeof(slot->walk.rest_bytes));
	struct identity identity = engine.identity;
	struct state_program program = {.exe = slot->exec.exe,
		.file = request->emulated ? engine.custom.emulator[0] : slot->exec.file,
		.name = request->name,
		.interpreter = request->interpreted ? slot->walk.host.at : "",
		.identity = &identity};
	long arguments = arguments_count(request->arguments);
	long variables = arguments_count(request->environment);
	char **room;
	char **argv;
	long error;

	if (arguments < 0 || variables < 0)
		return -EFAULT;
	room = arguments_room(slot, (size_t)arguments + (size_t)variables + PREFIX_MOST + 4);
	if (room == NULL)
		return -ENOMEM;
	ownership_of_program(slot->exec.file, &identity);
	error = keep_descriptor(request);
	if (error < 0)
		return error;
	state_write(&state, &engine, &program);
	if (state.overflow)
		return -E2BIG;
	if (arguments_copy(room, request->environment, (size_t)variables) < 0)
		return -EFAULT;
	room[variables] = state_bytes;
	room[variables + 1] = NULL;
	error = exec_build_arguments(request, room + variables + 2, (size_t)arguments, &argv);
	if (error < 0)
		return error;
	slot->number = __NR_execve;
	slot->argument[0] = (unsigned long)program_path(&engine.program);
	slot->argument[1] = (unsigned long)argv;
	slot->argument[2] = (unsigned long)room;
	return 0;
}

/* The kernel has refused, or it never came to that: slot->result says why. */
static enum slot_action give_up(struct slot *slot)
{
	if (slot->note[0] >= 0)
		sys_close((int)slot->note[0]);
	if (slot->exec_memory != 0)
		sys_munmap(slot->exec_memory, slot->exec_memory_size);
	slot->exec_memory = 0;
	slot->exec_owner = 0;
	return SLOT_DONE;
}

static enum slot_action leave_exec(struct slot *slot)
{
	signals_after_failed_exec();
	return give_up(slot);
}

/*
 * The call itself is made on the guest's stack: a signal that was put off meanwhile must be handled
 * before it, for it would be lost with this program, and the next begin with all others blocked.
 */
static enum slot_action execute(struct request *request)
{
	struct slot *slot = request->slot;

	slot->exec_owner = (unsigned)sys_getpid();
	slot->exec_memory = 0;
	request->kept = -1;
	slot->result = find_program(request);
	if (slot->result == 0 && (request->flags & AT_EXECVE_CHECK) == 0)
		slot->result = hand_over(request);
	slot->note[0] = request->kept;
	if (slot->result < 0 || (request->flags & AT_EXECVE_CHECK) != 0)
		return give_up(slot);
	signals_before_exec();
	slot->leave = leave_exec;
	return SLOT_RUN;
}

enum slot_action exec_execve(struct slot *slot)
{
	struct request request = {
		.slot = slot,
		.directory = AT_FDCWD,
		.path = slot->argument[0],
		.arguments = slot->argument[1],
		.environment = slot->argument[2],
	};

	return execute(&request);
}

enum slot_action exec_execveat(struct slot *slot)
{
	struct request request = {
		.slot = slot,
		.directory = (int)slot->argument[0],
		.path = slot->argument[1],
		.arguments = slot->argument[2],
		.environment = slot->argument[3],
		.flags = (int)slot->argument[4],
	};

	return execute(&request);
}
