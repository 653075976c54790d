#include "command/search.h"

bool search_is_path(const char *name)
{
	while (*name != '\0' && *name != '/')
		name++;
	return *name == '/';
}

const char *search_path(char **environment, const char *otherwise)
{
	const char *path = otherwise;

	for (; *environment != NULL; environment++) {
		if (text_starts(*environment, "PATH="))
			path = *environment + sizeof("PATH=") - 1;
	}
	return path;
}

void search_next(const char **path, const char *name, struct text *candidate)
{
	const char *directory = *path;
	size_t length = 0;

	while (directory[length] != ':' && directory[length] != '\0')
		length++;
	text_clear(candidate);
	text_add_bytes(candidate, directory, length);
	text_add(candidate, length > 0 ? "/" : "");
	text_add(candidate, name);
	*path = directory[length] == '\0' ? NULL : directory + length + 1;
}
