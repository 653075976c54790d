#include "command/run.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/attach.h"
#include "command/changes_file.h"
#include "command/enter.h"
#include "command/explain.h"
#include "command/search.h"
#include "command/synthesise.h"
#include "command/user.h"
#include "command/variables.h"
#include "command/run_directory.h"
#include "guest/proc.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "overlay/overlay.h"
#include "intercept/trapping.h"
#include "intercept/trace.h"
#include "overlay/points.h"
#include "rules/calls.h"
#include "rules/numbers.h"
#include "trace/keeper.h"
#include "trace/stops.h"

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static const char shared_memory[] = "/dev/shm";

enum { ACCESS_WRITE = 2 };

/* The directory that was made for this run, or NULL. */
static const char *made_directory;

/* Nothing else runs yet, so the first slot is free for the taking. */
static struct slot *first_slot(void)
{
	return (struct slot *)(void *)slot_pool;
}

/* Strings that the engine keeps for good; filled once, before there is a guest. */
static char kept_bytes[OPTIONS_BINDS_MOST * 512];
static struct text kept;

static const char *keep(const char *bytes, size_t length)
{
	const char *at = kept.at + kept.length;

	text_add_bytes(&kept, bytes, length);
	/* The NUL stays between this string and the next. */
	if (!kept.overflow)
		kept.length++;
	return at;
}

/* The host's path without any symbolic link in it. */
static long host_path(const char *path, const char **result)
{
	char real[PATH_BYTES];
	long file = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	long length;

	if (file < 0)
		return file;
	length = proc_read_descriptor((int)file, real, sizeof(real));
	sys_close((int)file);
	if (length < 0)
		return length;
	*result = keep(real, (size_t)length);
	return kept.overflow ? -ENAMETOOLONG : 0;
}

/* Splits "HOST:GUEST[:ro]" in place of the caller. */
struct bind_words {
	size_t host_length;
	const char *guest;
	size_t guest_length;
	bool read_only;
};

static bool split_bind(const char *bind, struct bind_words *words)
{
	size_t length = strlen(bind);
	size_t at = 0;

	words->read_only = length > 3 && strcmp(bind + length - 3, ":ro") == 0;
	if (words->read_only)
		length -= 3;
	else if (length > 3 && strcmp(bind + length - 3, ":rw") == 0)
		length -= 3;
	while (at < length && !(bind[at] == ':' && bind[at + 1] == '/'))
		at++;
	words->host_length = at;
	words->guest = bind + at + 1;
	words->guest_length = length > at + 1 ? length - at - 1 : 0;
	return at > 0 && words->guest_length > 0;
}

static long add_bind(struct slot *slot, const char *bind, bool exact)
{
	struct bind_words words;
	char host[PATH_BYTES];
	struct text text = text_in(host, sizeof(host));
	struct text path = text_in(slot->path, sizeof(slot->path));
	const char *real;
	const char *guest;
	long error;

	if (!split_bind(bind, &words))
		return -EINVAL;
	text_add_bytes(&text, bind, words.host_length);
	text_add_bytes(&path, words.guest, words.guest_length);
	if (text.overflow || path.overflow)
		return -ENAMETOOLONG;
	error = host_path(host, &real);
	if (error == 0)
		error = points_resolve(slot, path.at, exact);
	if (error < 0)
		return error;
	guest = keep(slot->walk.guest.at, slot->walk.guest.length);
	if (error > 0)
		points_note(guest, real);
	return view_add_bind(&engine.view, real, guest, words.read_only);
}

static int complain(const char *what, const char *subject, long error)
{
	report_error(what, subject, error);
	return EXIT_ENGINE;
}

/* The tree, or the layers that make one. The index is that of the lowest: the image. */
static int set_tree(const struct options *options)
{
	const char *root = NULL;
	long error;

	if (options->lower_count > 0) {
		error = overlay_set_up(options->upper, options->lowers, options->lower_count);
		if (error == -ELOOP)
			return complain("a lower directory and the upper one lie in each other:",
				options->upper, -EINVAL);
		if (error < 0)
			return complain("cannot use --lower with the upper directory",
				options->upper, error);
		root = engine.view.layers[engine.view.layer_count - 1].host;
	} else {
		error = host_path(options->root, &root);
		if (error == 0)
			error = sys_faccessat2(AT_FDCWD, root, 0, 0);
		if (error < 0)
			return complain("cannot use the tree", options->root, error);
		view_set_root(&engine.view, root);
	}
	if (options_indexed(options))
		return index_attach(root, options->index, false) < 0 ? EXIT_ENGINE : 0;
	/* With a tracer all is as well without one, only slower. */
	if (options_traced(options))
		(void)index_try(root, NULL, !options_trapping(options));
	return 0;
}

/* Every process opens it again, wherever it is by then. */
static int set_trace(const char *path)
{
	long file = sys_openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	long error = file < 0 ? file : host_path(path, &engine.trace);

	if (file >= 0)
		sys_close((int)file);
	if (error < 0)
		complain("cannot write", path, error);
	return error < 0 ? -1 : 0;
}

static int set_up(struct slot *slot, const struct options *options)
{
	char changes_bytes[128];
	struct text changes = text_in(changes_bytes, sizeof(changes_bytes));
	const char *what;
	const char *subject;
	long error;

	kept = text_in(kept_bytes, sizeof(kept_bytes));
	if (set_tree(options) != 0)
		return EXIT_ENGINE;
	program_find(&engine.program);
	changes_file_make(engine.view.root, &changes);
	engine.changes = keep(changes.at, changes.length);
	engine.run = options->run;
	engine.run_length = strlen(options->run);
	error = user_set(options, engine.view.root, &what, &subject);
	if (error < 0)
		return complain(what, subject, error);
	error = synthesise_files(slot, options, &subject);
	if (error < 0)
		return complain("cannot synthesise, in /etc,", subject, error);
	if (options->trace != NULL && set_trace(options->trace) < 0)
		return EXIT_ENGINE;
	for (size_t i = 0; i < options->bind_count; i++) {
		error = add_bind(slot, options->binds[i], options->bind_exact[i]);
		if (error < 0)
			return complain("cannot bind", options->binds[i], error);
	}
	error = points_make(slot, options->scratch);
	if (error < 0)
		return complain(
			"cannot make up mount points (see --scratch) in", options->scratch, error);
	return enter_directory(slot, options) < 0 ? EXIT_ENGINE : 0;
}

static long execute(struct slot *slot, const char *path, char **command, char **environment)
{
	enum slot_action action;

	slot->argument[0] = (unsigned long)path;
	slot->argument[1] = (unsigned long)command;
	slot->argument[2] = (unsigned long)environment;
	slot->leave = NULL;
	slot->number = __NR_execve;
	if (trace_on())
		trace_begin(slot);
	action = exec_execve(slot);
	if (trace_on())
		action = trace_decided(slot, action);
	if (action == SLOT_RUN) {
		slot->result = sys_execve((const char *)slot->argument[0],
			(char **)slot->argument[1], (char **)slot->argument[2]);
		slot->leave(slot);
	}
	return slot->result;
}

/* As execvp(3): a name without a slash is looked for in the guest's PATH. */
static long search(struct slot *slot, char **command, char **environment)
{
	static char candidate[PATH_BYTES];
	const char *path = search_path(environment, default_path);
	long worst = -ENOENT;

	while (path != NULL) {
		struct text text = text_in(candidate, sizeof(candidate));
		long error;

		search_next(&path, command[0], &text);
		error = text.overflow ? -ENAMETOOLONG
				      : execute(slot, candidate, command, environment);
		if (error == -EACCES)
			worst = error;
		else if (error != -ENOENT && error != -ENOTDIR)
			return error;
	}
	return worst;
}

/* Has the guest a /dev/shm that it can use? A tree's own would be shared with other runs of it. */
static bool has_shared_memory(struct slot *slot, const struct options *options)
{
	const struct view_bind *bind =
		view_bind_of(&engine.view, shared_memory, sizeof(shared_memory) - 1);
	struct stat status;

	if (bind == NULL && options->run_directory != NULL)
		return false;
	if (walk_path(&slot->walk, &engine.view, &paths_host, "/", shared_memory, WALK_FOLLOW) < 0)
		return false;
	return sys_fstatat(AT_FDCWD, slot->walk.host.at, &status, 0) == 0 &&
	       (status.st_mode & S_IFMT) == S_IFDIR &&
	       sys_faccessat2(AT_FDCWD, slot->walk.host.at, ACCESS_WRITE, AT_EACCESS) == 0;
}

/*
 * Gives the guest a /dev/shm in the run's own directory, which is made if need be. Without a place
 * to write in there is none, as there is none on the host: most programs never ask.
 */
static long add_shared_memory(const struct options *options)
{
	char bytes[PATH_BYTES];
	struct text path = text_in(bytes, sizeof(bytes));
	const char *real;
	long error = 0;

	if (options->run_directory == NULL) {
		error = run_directory_make(options->scratch, &path);
		made_directory = error == 0 ? keep(path.at, path.length) : NULL;
	} else {
		text_add(&path, options->run_directory);
		error = sys_mkdirat(AT_FDCWD, path.at, 0700);
		error = error == -EEXIST ? 0 : error;
	}
	if (error < 0)
		return options->run_directory == NULL ? 0 : error;
	text_add(&path, "/shm");
	error = sys_mkdirat(AT_FDCWD, path.at, 0700);
	if (error == 0 || error == -EEXIST)
		error = sys_fchmodat(AT_FDCWD, path.at, 01777);
	if (error == 0)
		error = host_path(path.at, &real);
	return error < 0 ? error : view_add_bind(&engine.view, real, shared_memory, false);
}

int run_prepare(const struct options *options)
{
	struct slot *slot = first_slot();
	int code = set_up(slot, options);
	long error = 0;

	if (code == 0 && !has_shared_memory(slot, options))
		error = add_shared_memory(options);
	return error < 0 ? complain("cannot make /dev/shm in",
				   options->run_directory != NULL ? options->run_directory
								  : made_directory,
				   error)
			 : code;
}

const char *run_made_directory(void)
{
	return made_directory;
}

/* What a host is asked for that catches calls which nothing has patched. 0, or the exit code. */
static int guard(const struct options *options)
{
	bool traced = options_traced(options);
	long error = traced ? keeper_start(options_trapping(options)) : 0;

	if (error == -EINVAL || error == -EIO)
		return complain(
			"use --mode=F1; this kernel lacks what a tracer needs (PTRACE_SEIZE "
			"with EXITKILL, Linux 3.8), mode",
			options->mode, error);
	if (error < 0)
		return complain(
			"use --mode=F1; this host does not allow ptrace, which is needed for "
			"mode",
			options->mode, error);
	if (traced)
		trapping_start_traced(error == NET_DISPATCH);
	error = options_trapping(options) ? trapping_start(traced) : 0;
	if (error < 0)
		return complain(
			traced ? "use --mode=P2; this host refuses the seccomp filter of mode"
			       : "use --mode=F1; this host refuses the seccomp filter of mode",
			options->mode, error);
	return 0;
}

int run_execute(const struct options *options, char **inherited)
{
	struct slot *slot = first_slot();
	char **environment = variables_build(options, inherited);
	long error;

	error = guard(options);
	if (error != 0)
		return (int)error;
	if (environment == NULL)
		return complain("no room for the environment", "", -ENOMEM);
	if (search_is_path(options->command[0]))
		error = execute(slot, options->command[0], options->command, environment);
	else
		error = search(slot, options->command, environment);
	if (error == -ENOEXEC)
		explain_not_executable(slot, options->command[0]);
	else
		report_error("cannot run", options->command[0], error);
	return error == -ENOENT || error == -ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
