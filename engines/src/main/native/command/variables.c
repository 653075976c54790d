#include "command/variables.h"

#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"

/* A variable given by --env replaces one of the same name. */
static bool same_name(const char *a, const char *b)
{
	while (*a == *b && *a != '=' && *a != '\0') {
		a++;
		b++;
	}
	return *a == '=' && *b == '=';
}

static void put_variable(char **list, size_t *count, char *variable)
{
	for (size_t i = 0; i < *count; i++) {
		if (same_name(list[i], variable)) {
			list[i] = variable;
			return;
		}
	}
	list[(*count)++] = variable;
}

char **variables_build(const struct options *options, char **inherited)
{
	size_t count = 0;
	size_t room = options->word_count + 1;
	char **list;
	long mapped;

	while (inherited[count] != NULL)
		count++;
	room += count;
	mapped = sys_mmap(0, room * sizeof(char *), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sys_failed(mapped))
		return NULL;
	list = (char **)mapped;
	count = 0;
	for (size_t i = 0; !options->clear_environment && inherited[i] != NULL; i++)
		list[count++] = inherited[i];
	for (size_t i = 0; i < options->word_count; i++) {
		if (options_value(options->words[i], "--env=") != NULL)
			put_variable(list, &count, options->words[i] + strlen("--env="));
	}
	return list;
}
