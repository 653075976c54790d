/* mkdtemp(3) */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/front.h"
#include "command/supervise.h"
#include "test/check.h"

/* command/front.c: what PRoot's options become. Run in a directory of its own. */

static struct options options;
static char directory[64] = "/tmp/coracle-front-XXXXXX";

int supervise_command(struct options *given, char **environment)
{
	(void)given;
	(void)environment;
	return 0;
}

enum { WORDS_MOST = 12 };

struct row {
	const char *words[WORDS_MOST];
	const char *root;
	const char *directory; /* below the present one, or absolute */
	const char *user;
	const char *command;
	const char *bind; /* the last one */
	long binds;	  /* -1: any number */
};

static const struct row rows[] = {
	{{NULL}, "/", "", NULL, "/bin/sh", NULL, 0},
	{{"id"}, "/", "", NULL, "id", NULL, 0},
	{{"-r", "/t", "--", "-x"}, "/t", "", NULL, "-x", NULL, 0},
	{{"-r", "t", "id"}, "*t", "", NULL, "id", NULL, 0},
	{{"--rootfs=/t", "-0"}, "/t", "", "0:0", "/bin/sh", NULL, 0},
	{{"--root-id", "-i", "3:4"}, "/", "", "3:4", "/bin/sh", NULL, 0},
	{{"--change-id=3:4", "-0"}, "/", "", "0:0", "/bin/sh", NULL, 0},
	{{"-w", "sub"}, "/", "*sub", NULL, "/bin/sh", NULL, 0},
	{{"--pwd=/a", "--cwd=/b"}, "/", "/b", NULL, "/bin/sh", NULL, 0},
	{{"-b", "/etc"}, "/", "", NULL, "/bin/sh", "/etc:/etc", 1},
	{{"-m", "/etc:/x", "--bind=/:/y!"}, "/", "", NULL, "/bin/sh", "/:/y", 2},
	{{"--mount=here"}, "/", "", NULL, "/bin/sh", "*here:*here", 1},
	{{"-b", "here:/a"}, "/", "", NULL, "/bin/sh", "*here:/a", 1},
	{{"-b", "/no/such", "-b", "/no/such:/x"}, "/", "", NULL, "/bin/sh", NULL, 0},
	{{"-R", "/t"}, "/t", "", NULL, "/bin/sh", NULL, -1},
	{{"-S", "/t", "-b", "/etc:/z"}, "/t", "", "0:0", "/bin/sh", "/etc:/z", -1},
	{{"-k", "5.4.0", "-p", "80:8080", "-n", "-q", "q", "--kill-on-exit", "-v", "-1"}, "/", "",
		NULL, "/bin/sh", NULL, 0},
	{{"--kernel-release=5.4.0", "--port=80:8080", "--netcoop", "--qemu=q", "--verbose=-1"}, "/",
		"", NULL, "/bin/sh", NULL, 0},
};

static const char *const refused[][WORDS_MOST] = {
	{"-z"},
	{"--bogus"},
	{"-r"},
	{"-r/t"},
	{"--rootfs", "/t"},
	{"--rootfs="},
	{"-p", "80"},
	{"-k", "new"},
	{"-v", "loud"},
	{"-b", "/etc:relative"},
	{"--mode=P9"},
	{"-0x"},
	{"-r", ""},
};

/* "*x" is x in the present directory, which has been entered. */
static const char *expand(const char *text)
{
	static char bytes[256];
	size_t length = 0;

	for (; *text != '\0'; text++) {
		int written = snprintf(bytes + length, sizeof(bytes) - length, "%.*s%s",
			*text == '*' ? 0 : 1, text, *text == '*' ? directory : "");

		length += (size_t)written;
		if (*text == '*')
			bytes[length++] = '/';
	}
	bytes[length] = '\0';
	return bytes;
}

static char **copy(const char *const *words)
{
	static char *argv[WORDS_MOST + 1];

	for (size_t i = 0; i < WORDS_MOST; i++)
		memcpy(&argv[i], &words[i], sizeof(argv[i]));
	return argv;
}

static void check_row(const struct row *row, char **environment)
{
	const char *what = row->words[0] != NULL ? row->words[0] : "nothing";

	check_number(what, FRONT_RUN, front_read(&options, copy(row->words), environment));
	check_text(what, expand(row->root), options.root);
	check_text(what, row->directory[0] == '\0' ? directory : expand(row->directory),
		options.directory);
	check_text(what, row->user != NULL ? row->user : "none",
		options.user != NULL ? options.user : "none");
	check_text(what, row->command, options.command[0]);
	check_text(what, row->bind != NULL ? expand(row->bind) : "any",
		row->bind != NULL ? options.binds[options.bind_count - 1] : "any");
	if (row->binds >= 0)
		check_number(what, row->binds, (long)options.bind_count);
}

static bool has_bind(const char *bind)
{
	for (size_t i = 0; i < options.bind_count; i++) {
		if (strcmp(options.binds[i], bind) == 0)
			return true;
	}
	return false;
}

/* What -R and -S bind, of what each Linux has. */
static void check_recommended(char **environment)
{
	char own[2 * sizeof(directory) + 1];

	front_read(&options, copy((const char *[WORDS_MOST]){"-R", directory}), environment);
	check_number("-R /proc", true, has_bind("/proc:/proc"));
	check_number("-R /tmp", true, has_bind("/tmp:/tmp"));
	check_number("-R users", true, has_bind("/etc/passwd:/etc/passwd"));
	snprintf(own, sizeof(own), "%s:%s", directory, directory);
	check_number("-R tree", true, has_bind(own));
	front_read(&options, copy((const char *[WORDS_MOST]){"-S", "/t"}), environment);
	check_number("-S /proc", true, has_bind("/proc:/proc"));
	check_number("-S users", false, has_bind("/etc/passwd:/etc/passwd"));
	check_number("-S home", true, has_bind("/usr:/usr"));
}

static void check_rest(char **environment)
{
	char *without[] = {"PROOT_NO_SECCOMP=1", NULL};
	char *chosen[] = {"CORACLE_PROOT_MODE=F2", "PROOT_TMP_DIR=/var/tmp", NULL};
	const char *all[WORDS_MOST] = {"-k", "5.4.0", "-p", "80:8080", "-n", "-q", "q",
		"--kill-on-exit", "-b", "/etc:/e!", NULL};

	check_number("all", FRONT_RUN, front_read(&options, copy(all), environment));
	check_text("kernel", "5.4.0", options.custom.kernel);
	check_number("port", 8080, options.custom.ports[0].host);
	check_number("netcoop", true, options.netcoop);
	check_text("emulator", "q", options.emulator);
	check_number("kill", true, options.kill_on_exit);
	check_number("exact", true, options.bind_exact[0]);
	check_number(
		"mode", true, strcmp(options.mode, "P1") == 0 || strcmp(options.mode, "F1") == 0);
	check_text("scratch", "/tmp", options.scratch);
	check_number("chosen", FRONT_RUN,
		front_read(&options, copy((const char *[WORDS_MOST]){"id"}), chosen));
	check_text("chosen mode", "F2", options.mode);
	front_read(&options, copy((const char *[WORDS_MOST]){"id"}), without);
	check_text("without seccomp", "F1", options.mode);
	front_read(&options, copy((const char *[WORDS_MOST]){"--mode=F4"}), chosen);
	check_text("given", "F4", options.mode);
	check_text("chosen scratch", "/var/tmp", options.scratch);
}

int main(void)
{
	char *environment[] = {"HOME=/usr", NULL};

	if (mkdtemp(directory) == NULL || chdir(directory) < 0 ||
		close(open("here", O_CREAT | O_WRONLY, 0600)) < 0)
		return 1;
	close(2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i], environment);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_number(refused[i][0], FRONT_FAILED,
			front_read(&options, copy(refused[i]), environment));
	check_recommended(environment);
	check_rest(environment);
	unlink("here");
	rmdir(directory);
	return check_report("front");
}
