#include "command/options.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "command/customise.h"
#include "command/nearest.h"

const char *options_value(const char *word, const char *name)
{
	return text_starts(word, name) ? word + strlen(name) : NULL;
}

static int complain(const char *message, const char *word)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, message);
	text_add(&text, " ");
	text_add(&text, word);
	report(text.at);
	return -1;
}

/* All that there are, for a word that is none of them. */
static const char *const known_options[] = {"--bind=", "--clear-env", "--copy-links",
	"--cwd=", "--env=", "--index=", "--kernel=", "--kill-on-exit",
	"--lower=", "--mode=", "--netcoop",
	"--owners=", "--port=", "--qemu=", "--root=", "--run-directory=", "--run-id=", "--scratch=",
	"--status=", "--synthesise=", "--timeout=", "--trace=", "--upper=", "--user="};

static int complain_unknown(const char *word)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));
	const char *near =
		nearest_word(word, known_options, sizeof(known_options) / sizeof(known_options[0]));

	text_add(&text, "unknown option ");
	text_add(&text, word);
	if (near != NULL) {
		text_add(&text, "; did you mean ");
		text_add(&text, near);
		text_add(&text, near[strlen(near) - 1] == '=' ? "..." : "");
	}
	text_add(&text, " (see coracle-engine help)");
	report(text.at);
	return -1;
}
struct text_option {
	const char *name;
	size_t field;
};

static const struct text_option text_options[] = {
	{"--root=", offsetof(struct options, root)},
	{"--cwd=", offsetof(struct options, directory)},
	{"--user=", offsetof(struct options, user)},
	{"--owners=", offsetof(struct options, owners)},
	{"--synthesise=", offsetof(struct options, synthesise)},
	{"--run-id=", offsetof(struct options, run)},
	{"--status=", offsetof(struct options, status)},
	{"--trace=", offsetof(struct options, trace)},
	{"--mode=", offsetof(struct options, mode)},
	{"--index=", offsetof(struct options, index)},
	{"--scratch=", offsetof(struct options, scratch)},
	{"--run-directory=", offsetof(struct options, run_directory)},
	{"--upper=", offsetof(struct options, upper)},
};

static bool read_text_option(struct options *options, const char *word)
{
	for (size_t i = 0; i < sizeof(text_options) / sizeof(text_options[0]); i++) {
		const char *value = options_value(word, text_options[i].name);

		if (value != NULL) {
			memcpy((char *)options + text_options[i].field, &value, sizeof(value));
			return true;
		}
	}
	return false;
}

/* A year is as good as for ever, and fits into nanoseconds. */
enum { TIMEOUT_MOST = 366 * 86400 };

static int read_timeout(struct options *options, const char *value)
{
	size_t digits = text_read_number(value, &options->timeout);

	if (digits == 0 || value[digits] != '\0' || options->timeout == 0 ||
		options->timeout > TIMEOUT_MOST)
		return complain("expected --timeout=SECONDS, a whole number, got", value);
	return 0;
}

static int read_word(struct options *options, const char *word)
{
	const char *value = options_value(word, "--bind=");
	int taken;

	if (value != NULL) {
		if (options->bind_count == OPTIONS_BINDS_MOST)
			return complain("too many binds at", value);
		options->binds[options->bind_count++] = value;
		return 0;
	}
	value = options_value(word, "--lower=");
	if (value != NULL) {
		if (options->lower_count == OPTIONS_LOWERS_MOST)
			return complain("too many lower directories at", value);
		options->lowers[options->lower_count++] = value;
		return 0;
	}
	value = options_value(word, "--env=");
	if (value != NULL) {
		for (const char *at = value; *at != '\0'; at++) {
			if (*at == '=' && at > value)
				return 0;
		}
		return complain("expected --env=NAME=VALUE, got", word);
	}
	value = options_value(word, "--timeout=");
	if (value != NULL)
		return read_timeout(options, value);
	if (strcmp(word, "--clear-env") == 0) {
		options->clear_environment = true;
		return 0;
	}
	if (strcmp(word, "--kill-on-exit") == 0) {
		options->kill_on_exit = true;
		return 0;
	}
	if (read_text_option(options, word))
		return 0;
	taken = customise_word(options, word);
	return taken == 0 ? complain_unknown(word) : taken > 0 ? 0 : -1;
}

/* Either one tree, or lower directories under an upper one. */
static int check_tree(const struct options *options)
{
	const char *wrong = NULL;

	if (options->root != NULL && options->lower_count > 0)
		wrong = "--root and --lower exclude each other";
	else if (options->lower_count > 0 && options->upper == NULL)
		wrong = "--lower needs an --upper=DIR for what changes";
	else if (options->lower_count == 0 && options->upper != NULL)
		wrong = "--upper needs a --lower=DIR to lie over";
	else if (options->lower_count == 0 && (options->root == NULL || options->root[0] == '\0'))
		wrong = "no tree given; use --root=TREE";
	if (wrong != NULL)
		report(wrong);
	return wrong != NULL ? -1 : 0;
}

bool options_trapping(const struct options *options)
{
	return strcmp(options->mode, "F2") == 0 || strcmp(options->mode, "F4") == 0 ||
	       strcmp(options->mode, "P1") == 0;
}

bool options_traced(const struct options *options)
{
	return options->mode[0] == 'P';
}

bool options_indexed(const struct options *options)
{
	return strcmp(options->mode, "F3") == 0 || strcmp(options->mode, "F4") == 0 ||
	       (options_traced(options) && options->index != NULL);
}

static bool has_mode(const char *wanted)
{
	static const char *const modes[] = {"F1", "F2", "F3", "F4", "P1", "P2"};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i], wanted) == 0)
			return true;
	}
	return false;
}

int options_check(const struct options *options)
{
	if (check_tree(options) < 0)
		return -1;
	if (!has_mode(options->mode))
		return complain("this engine runs modes F1 to F4, P1 and P2, not", options->mode);
	if (options->directory[0] != '/')
		return complain("--cwd must be absolute, got", options->directory);
	for (const char *at = options->run; *at != '\0'; at++) {
		if (*at == ':')
			return complain("--run-id must not hold a colon:", options->run);
	}
	if (options->command[0] == NULL) {
		report("no command given; it comes after --");
		return -1;
	}
	return 0;
}

void options_begin(struct options *options)
{
	memset(options, 0, sizeof(*options));
	options->directory = "/";
	options->run = "";
	options->mode = "F1";
	options->scratch = "/tmp";
}

int options_read(struct options *options, char **argv, size_t first)
{
	size_t at = first;

	options_begin(options);
	options->words = argv + first;
	for (; argv[at] != NULL && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--") == 0) {
			options->word_count = at - first;
			options->command = argv + at + 1;
			return options_check(options);
		}
		if (read_word(options, argv[at]) < 0)
			return -1;
	}
	options->word_count = at - first;
	options->command = argv + at;
	return options_check(options);
}
