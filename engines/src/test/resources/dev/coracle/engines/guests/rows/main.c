#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* rows FAMILY GROUP: every call of the family with every form of the group. */

/* Families whose calls leave everything as it is; to compare it would only take time. */
static const char *const only_look[] = {"stat", "access", "readlink", "statfs", "chdir", "exec", "watch", "notify",
	"handle", "tree"};

static void print_path(const char *path)
{
	size_t length;

	length = strlen(path);
	if (length > 60)
		printf("%.20s...%zu", path, length);
	else
		printf("%s", path);
}

static void attempt(const struct call *call, const struct form *form, bool changes)
{
	long result = -ELOOP;

	/* Where the kernel has to begin a walk again it goes on counting links, so it may be wrong once. (fs/namei.c) */
	for (int tries = 0; tries < 3 && result == -ELOOP; tries++) {
		note_clear();
		result = call->run(form->directory, form->path);
	}
	printf("%s ", call->name);
	if (form->name != NULL)
		printf("%s", form->name);
	else
		print_path(form->path);
	if (result < 0)
		printf(" = %s%s\n", error_name(result), note_text());
	else
		printf(" = %ld%s\n", result, note_text());
	if (changes)
		fixture_show_changes();
	fflush(stdout);
}

int main(int count, char **arguments)
{
	size_t attempts = 0;
	bool changes = true;

	if (count != 3)
		return 2;
	for (size_t i = 0; i < sizeof(only_look) / sizeof(only_look[0]); i++)
		changes = changes && strcmp(only_look[i], arguments[1]) != 0;
	fixture_prepare(arguments[2]);
	forms_prepare();
	for (size_t i = 0; i < call_count; i++) {
		if (strcmp(calls[i].family, arguments[1]) != 0)
			continue;
		for (size_t j = 0; j < form_count; j++) {
			if (strcmp(forms[j].group, arguments[2]) != 0)
				continue;
			if (forms[j].directory != AT_FDCWD && !calls[i].at)
				continue;
			/* Elsewhere there are no binds, and what is made there would stay. */
			if (strstr(calls[i].name, "into_bind") != NULL && strcmp(arguments[2], "binds") != 0)
				continue;
			attempt(&calls[i], &forms[j], changes);
			attempts++;
		}
	}
	printf("%zu attempts\n", attempts);
	return attempts == 0;
}
