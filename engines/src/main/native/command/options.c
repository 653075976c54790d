#include "command/options.h"

#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"

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

struct text_option {
	const char *name;
	size_t field;
};

static const struct text_option text_options[] = {
	{"--root=", offsetof(struct options, root)},
	{"--cwd=", offsetof(struct options, directory)},
	{"--user=", offsetof(struct options, user)},
	{"--run-id=", offsetof(struct options, run)},
	{"--status=", offsetof(struct options, status)},
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

static int read_word(struct options *options, const char *word)
{
	const char *value = options_value(word, "--mode=");

	if (value != NULL)
		return strcmp(value, "F1") == 0
			       ? 0
			       : complain("this engine runs mode F1 only, not", value);
	value = options_value(word, "--bind=");
	if (value != NULL) {
		if (options->bind_count == OPTIONS_BINDS_MOST)
			return complain("too many binds at", value);
		options->binds[options->bind_count++] = value;
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
	if (strcmp(word, "--clear-env") == 0) {
		options->clear_environment = true;
		return 0;
	}
	return read_text_option(options, word) ? 0 : complain("unknown option", word);
}

static int check(const struct options *options)
{
	if (options->root == NULL || options->root[0] == '\0') {
		report("no tree given; use --root=TREE");
		return -1;
	}
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

int options_read(struct options *options, char **argv, size_t first)
{
	size_t at = first;

	memset(options, 0, sizeof(*options));
	options->directory = "/";
	options->run = "";
	options->words = argv + first;
	for (; argv[at] != NULL && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--") == 0) {
			options->word_count = at - first;
			options->command = argv + at + 1;
			return check(options);
		}
		if (read_word(options, argv[at]) < 0)
			return -1;
	}
	options->word_count = at - first;
	options->command = argv + at;
	return check(options);
}
