#include "command/probe.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/time.h>
#include <linux/utsname.h>
#include <linux/wait.h>
#include <asm/statfs.h>
#include <asm/unistd.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/json.h"
#include "command/options.h"
#include "command/probe_tries.h"
#include "syscall.h"

enum { OUTPUT_BYTES = 8192, PLACE_BYTES = 4096, PATIENCE_SECONDS = 10, NO_EXECUTION = 8 };

/* A child that hangs is ended by its own clock. */
static void limit_time(void)
{
	struct itimerval limit = {.it_value = {.tv_sec = PATIENCE_SECONDS}};
	struct sys_sigaction plain = {.handler = (unsigned long)SIG_DFL};

	sys_rt_sigaction(SIGALRM, &plain, NULL);
	raw_syscall(__NR_setitimer, ITIMER_REAL, (long)&limit, 0, 0, 0, 0);
}

/* Its exit code is the error's number: there are fewer than 255, but for odd ones. */
__attribute__((noreturn)) static void make_try(
	const struct probe_try *try, const struct probe_place *place)
{
	long result;

	limit_time();
	result = try->make(place);
	sys_exit_group(result >= 0 ? 0 : result < -254 ? 255 : (int)-result);
}

/* Adds the answer: "yes", the error's words, or what has killed the child. */
static void add_answer(struct text *line, int status)
{
	int signal = status & 0x7f;

	if (status == 0) {
		text_add(line, "\"yes\"");
	} else if (signal == SIGALRM) {
		text_add(line, "\"it hangs\"");
	} else if (signal != 0) {
		text_add(line, "\"killed by signal ");
		text_add_number(line, signal);
		text_add(line, "\"");
	} else {
		char bytes[80];
		struct text words = text_in(bytes, sizeof(bytes));

		text_add_error(&words, -(status >> 8 & 0xff));
		json_add_text(line, words.at);
	}
}

/* Makes one try; 0, or -errno when there can be no child. */
static long add_try(struct text *text, const struct probe_try *try, const struct probe_place *place)
{
	long child = sys_fork();
	int status = 0;

	if (child == 0)
		make_try(try, place);
	if (child < 0)
		return child;
	while (sys_wait4((int)child, &status, __WALL) == -EINTR)
		;
	text_add(text, "\n  ");
	json_add_text(text, try->name);
	text_add(text, ": ");
	add_answer(text, status);
	return 0;
}

static void add_field(struct text *text, const char *name, const char *value)
{
	text_add(text, " ");
	json_add_text(text, name);
	text_add(text, ": ");
	json_add_text(text, value);
	text_add(text, ",\n");
}

static void add_number(struct text *text, const char *name, long number)
{
	text_add(text, " ");
	json_add_text(text, name);
	text_add(text, ": ");
	text_add_number(text, number);
	text_add(text, ",\n");
}

/* Of this process; -1 when there is none. */
static long limit_of(int resource)
{
	struct rlimit64 limit = {0};

	if (raw_syscall(__NR_prlimit64, 0, resource, 0, (long)&limit, 0, 0) < 0)
		return -1;
	return limit.rlim_cur == RLIM64_INFINITY ? -1 : (long)limit.rlim_cur;
}

/* Empty where the list may not be read. */
static void add_modules(struct text *text)
{
	char bytes[256] = "";
	long file = sys_openat(AT_FDCWD, "/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC, 0);
	long got = file < 0 ? 0 : sys_read((int)file, bytes, sizeof(bytes) - 1);

	bytes[got > 0 ? got : 0] = '\0';
	add_field(text, "security-modules", bytes);
	if (file >= 0)
		sys_close((int)file);
}

static void add_host(struct text *text, const char *directory)
{
	struct new_utsname name = {0};
	struct statfs system = {0};

	sys_uname(&name);
	text_add(text, "{\n");
	add_field(text, "kernel", name.release);
	add_field(text, "machine", name.machine);
	add_modules(text);
	add_number(text, "user", sys_geteuid());
	add_number(text, "descriptors", limit_of(RLIMIT_NOFILE));
	add_number(text, "processes", limit_of(RLIMIT_NPROC));
	add_field(text, "directory", directory);
	text_add(text, " \"no-execution\": ");
	text_add(text, raw_syscall(__NR_statfs, (long)directory, (long)&system, 0, 0, 0, 0) == 0 &&
				       (system.f_flags & NO_EXECUTION) != 0
			       ? "true"
			       : "false");
	text_add(text, ",\n \"tries\": {");
}

static int tell(const char *directory)
{
	static char bytes[OUTPUT_BYTES];
	static char file[PLACE_BYTES];
	struct text text = text_in(bytes, sizeof(bytes));
	struct text name = text_in(file, sizeof(file));
	struct probe_place place = {.directory = directory, .file = file};
	long error = 0;

	text_add(&name, directory);
	text_add(&name, "/.coracle-probe-");
	text_add_number(&name, sys_getpid());
	if (name.overflow)
		error = -ENAMETOOLONG;
	add_host(&text, directory);
	for (size_t i = 0; error == 0 && i < probe_try_count; i++) {
		text_add(&text, i > 0 ? "," : "");
		error = add_try(&text, &probe_tries[i], &place);
	}
	files_unlink(AT_FDCWD, file, 0);
	text_add(&text, "}}\n");
	if (error == 0 && text.overflow)
		error = -ENAMETOOLONG;
	if (error == 0 && sys_write(1, text.at, text.length) != (long)text.length)
		error = -EIO;
	if (error < 0)
		report_error("cannot tell what this host allows", directory, error);
	return error < 0 ? EXIT_ENGINE : 0;
}

int probe_command(char **words)
{
	const char *directory = "/tmp";

	/* A copy of this program that was executed to see whether it can be. */
	if (words[0] != NULL && strcmp(words[0], PROBE_ANSWER) == 0)
		return 0;
	for (; *words != NULL; words++) {
		directory = options_value(*words, "--directory=");
		if (directory == NULL || directory[0] != '/') {
			report("expected probe [--directory=DIR], an absolute path");
			return EXIT_ENGINE;
		}
	}
	return tell(directory);
}
