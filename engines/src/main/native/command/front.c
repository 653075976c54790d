#include "command/front.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/customise.h"
#include "command/front_binds.h"
#include "command/front_help.h"
#include "command/front_mode.h"
#include "command/nearest.h"
#include "command/supervise.h"

enum front_kind {
	FRONT_ROOT,
	FRONT_BIND,
	FRONT_HOST,
	FRONT_SYSTEM,
	FRONT_EMULATOR,
	FRONT_DIRECTORY,
	FRONT_VERBOSE,
	FRONT_KERNEL,
	FRONT_USER,
	FRONT_PORT,
	FRONT_MODE,
	FRONT_AS_ROOT, /* from here on without a value */
	FRONT_NETCOOP,
	FRONT_KILL,
	FRONT_LINKS,
	FRONT_HELP,
	FRONT_VERSION,
};

struct front_word {
	const char *word;
	enum front_kind kind;
};

/* A value stands behind a short one, and after the "=" of a long one. */
static const struct front_word words[] = {
	{"-r", FRONT_ROOT},
	{"--rootfs=", FRONT_ROOT},
	{"-b", FRONT_BIND},
	{"--bind=", FRONT_BIND},
	{"-m", FRONT_BIND},
	{"--mount=", FRONT_BIND},
	{"-R", FRONT_HOST},
	{"-S", FRONT_SYSTEM},
	{"-q", FRONT_EMULATOR},
	{"--qemu=", FRONT_EMULATOR},
	{"-w", FRONT_DIRECTORY},
	{"--pwd=", FRONT_DIRECTORY},
	{"--cwd=", FRONT_DIRECTORY},
	{"-v", FRONT_VERBOSE},
	{"--verbose=", FRONT_VERBOSE},
	{"-k", FRONT_KERNEL},
	{"--kernel-release=", FRONT_KERNEL},
	{"-i", FRONT_USER},
	{"--change-id=", FRONT_USER},
	{"-p", FRONT_PORT},
	{"--port=", FRONT_PORT},
	{"--mode=", FRONT_MODE},
	{"-0", FRONT_AS_ROOT},
	{"--root-id", FRONT_AS_ROOT},
	{"-n", FRONT_NETCOOP},
	{"--netcoop", FRONT_NETCOOP},
	{"--kill-on-exit", FRONT_KILL},
	{"-l", FRONT_LINKS},
	{"--link2symlink", FRONT_LINKS},
	{"-h", FRONT_HELP},
	{"--help", FRONT_HELP},
	{"--usage", FRONT_HELP},
	{"-V", FRONT_VERSION},
	{"--version", FRONT_VERSION},
	{"--about", FRONT_VERSION},
};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

/* What only takes effect when all has been read. */
struct front {
	struct options *options;
	bool host;   /* -R */
	bool system; /* -S */
	bool loud;   /* -v 1 and more */
	char **environment;
	const char *binds[OPTIONS_BINDS_MOST];
	size_t bind_count;
};

static char login_shell[] = "/bin/sh";
static char login_flag[] = "-l";
static char *default_command[] = {login_shell, login_flag, NULL};

static int complain(const char *message, const char *subject)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, message);
	text_add(&text, subject[0] != '\0' ? " " : "");
	text_add(&text, subject);
	text_add(&text, " (see coracle-engine proot --help)");
	report(text.at);
	return -1;
}

static int complain_unknown(const char *given)
{
	const char *known[WORDS];
	const char *near;
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	for (size_t i = 0; i < WORDS; i++)
		known[i] = words[i].word;
	near = given[1] == '-' ? nearest_word(given, known, WORDS) : NULL;
	text_add(&text, "proot: unknown option ");
	text_add(&text, given);
	text_add(&text, near != NULL ? "; did you mean " : "");
	text_add(&text, near != NULL ? near : "");
	return complain(text.at, "");
}

static int set_verbosity(struct front *front, const char *value)
{
	unsigned long level = 0;
	bool negative = value[0] == '-';
	size_t digits = text_read_number(value + (negative ? 1 : 0), &level);

	if (digits == 0 || value[digits + (negative ? 1 : 0)] != '\0')
		return complain("proot: expected -v NUMBER, got", value);
	front->options->quiet = negative;
	front->loud = !negative && level > 0;
	return 0;
}

static int set_path(const char **field, const char *value)
{
	*field = front_absolute(value);
	return *field == NULL ? -1 : 0;
}

static int keep_bind(struct front *front, const char *value)
{
	if (front->bind_count == OPTIONS_BINDS_MOST)
		return complain("proot: too many binds at", value);
	front->binds[front->bind_count++] = value;
	return 0;
}

static int take_flag(struct front *front, enum front_kind kind)
{
	struct options *options = front->options;

	if (kind == FRONT_AS_ROOT)
		options->user = "0:0";
	else if (kind == FRONT_LINKS)
		options->custom.copies_links = true;
	else if (kind == FRONT_NETCOOP)
		options->netcoop = true;
	else if (kind == FRONT_KILL)
		options->kill_on_exit = true;
	return 0;
}

static int take_value(struct front *front, enum front_kind kind, const char *value)
{
	struct options *options = front->options;

	front->host = front->host || kind == FRONT_HOST;
	front->system = front->system || kind == FRONT_SYSTEM;
	if (kind == FRONT_SYSTEM)
		options->user = "0:0";
	if (kind == FRONT_ROOT || kind == FRONT_HOST || kind == FRONT_SYSTEM)
		return set_path(&options->root, value);
	if (kind == FRONT_BIND)
		return keep_bind(front, value);
	if (kind == FRONT_DIRECTORY)
		return set_path(&options->directory, value);
	if (kind == FRONT_VERBOSE)
		return set_verbosity(front, value);
	if (kind == FRONT_KERNEL)
		return customise_kernel(&options->custom, value);
	if (kind == FRONT_PORT)
		return customise_port(&options->custom, value);
	if (kind == FRONT_EMULATOR)
		options->emulator = value;
	else if (kind == FRONT_USER)
		options->user = value;
	else if (kind == FRONT_MODE)
		options->mode = value;
	return 0;
}

/* The option that this word is, or begins with; NULL after a message. */
static const struct front_word *find(const char *given)
{
	for (size_t i = 0; i < WORDS; i++) {
		size_t length = strlen(words[i].word);

		if (strcmp(given, words[i].word) == 0 ||
			(words[i].word[length - 1] == '=' && text_starts(given, words[i].word)))
			return &words[i];
		if (given[1] != '-' && words[i].kind < FRONT_AS_ROOT && length == 2 &&
			text_starts(given, words[i].word)) {
			complain("proot: a blank must stand between an option and its value:",
				given);
			return NULL;
		}
		if (words[i].word[length - 1] == '=' && strlen(given) == length - 1 &&
			strncmp(given, words[i].word, length - 1) == 0) {
			complain("proot: this option's value comes after a \"=\":", given);
			return NULL;
		}
	}
	complain_unknown(given);
	return NULL;
}

/* One option, with its value. How many words that were; 0 after a message. */
static size_t read_option(struct front *front, const struct front_word *word, char **at)
{
	size_t length = strlen(word->word);
	bool inside = word->word[length - 1] == '=';
	const char *value = inside ? at[0] + length : at[1];

	if (word->kind >= FRONT_AS_ROOT)
		return take_flag(front, word->kind) < 0 ? 0 : 1;
	if (value == NULL || value[0] == '\0') {
		complain("proot: a value must follow the option", at[0]);
		return 0;
	}
	if (take_value(front, word->kind, value) < 0)
		return 0;
	return inside ? 1 : 2;
}

/* Later binds lie over earlier ones: what is asked for over what -R and -S recommend. */
static int add_binds(struct front *front)
{
	struct options *options = front->options;
	const char *home = front_variable(front->environment, "HOME=");

	if (front->host && front_bind_host(options, options->root, home) < 0)
		return -1;
	if (front->system && !front->host && front_bind_system(options, options->root, home) < 0)
		return -1;
	for (size_t i = 0; i < front->bind_count; i++) {
		if (front_bind(options, front->binds[i]) < 0)
			return -1;
	}
	return 0;
}

static void tell_value(struct text *text, const char *name, const char *value)
{
	text_add(text, value != NULL ? name : "");
	text_add(text, value != NULL ? value : "");
}

/* With -v: what the same is in the words of `run`. */
static void tell(const struct options *options)
{
	static char line[16384];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "as run --mode=");
	text_add(&text, options->mode);
	text_add(&text, " --root=");
	text_add(&text, options->root);
	for (size_t i = 0; i < options->bind_count; i++) {
		text_add(&text, " --bind=");
		text_add(&text, options->binds[i]);
	}
	text_add(&text, " --cwd=");
	text_add(&text, options->directory);
	tell_value(&text, " --user=", options->user);
	tell_value(&text, " --kernel=", options->custom.kernel);
	tell_value(&text, " --qemu=", options->emulator);
	for (size_t i = 0; i < options->custom.port_count; i++) {
		text_add(&text, " --port=");
		text_add_number(&text, options->custom.ports[i].guest);
		text_add(&text, ":");
		text_add_number(&text, options->custom.ports[i].host);
	}
	text_add(&text, options->netcoop ? " --netcoop" : "");
	text_add(&text, options->custom.copies_links ? " --copy-links" : "");
	text_add(&text, options->kill_on_exit ? " --kill-on-exit" : "");
	report(text.at);
}

static void begin(struct options *options, char **environment)
{
	const char *scratch = front_variable(environment, "PROOT_TMP_DIR=");

	options_begin(options);
	options->root = "/";
	options->directory = NULL;
	options->directory_if_there = true;
	options->scratch = scratch != NULL && scratch[0] == '/' ? scratch : options->scratch;
	options->mode = NULL;
}

static int finish(struct front *front, char **command)
{
	struct options *options = front->options;

	options->command = command[0] != NULL ? command : default_command;
	if (options->directory == NULL && set_path(&options->directory, "") < 0)
		return -1;
	if (options->mode == NULL)
		options->mode = front_mode(front->environment);
	if (add_binds(front) < 0 || options_check(options) < 0)
		return -1;
	if (front->loud)
		tell(options);
	return 0;
}

enum front_outcome front_read(struct options *options, char **argv, char **environment)
{
	struct front front = {.options = options, .environment = environment};

	begin(options, environment);
	while (argv[0] != NULL && argv[0][0] == '-') {
		const struct front_word *word;
		size_t taken;

		if (strcmp(argv[0], "--") == 0) {
			argv++;
			break;
		}
		word = find(argv[0]);
		if (word == NULL)
			return FRONT_FAILED;
		if (word->kind == FRONT_HELP || word->kind == FRONT_VERSION)
			return front_print(word->kind == FRONT_HELP) < 0 ? FRONT_FAILED
									 : FRONT_DONE;
		taken = read_option(&front, word, argv);
		if (taken == 0)
			return FRONT_FAILED;
		argv += taken;
	}
	return finish(&front, argv) < 0 ? FRONT_FAILED : FRONT_RUN;
}

int front_command(char **argv, char **environment)
{
	static struct options options;

	switch (front_read(&options, argv, environment)) {
	case FRONT_RUN:
		return supervise_command(&options, environment);
	case FRONT_DONE:
		return 0;
	case FRONT_FAILED:
	default:
		return EXIT_ENGINE;
	}
}
