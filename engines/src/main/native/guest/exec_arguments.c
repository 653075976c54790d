#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "compat.h"
#include "guest/arguments.h"
#include "guest/exec_request.h"
#include "intercept/engine.h"

static void put_in_front(struct request *request, const char *word)
{
	request->prefix[request->prefixes++] = word;
}

/* By which the emulator opens the program: a name that is still good in the new process. */
static const char *emulated_path(struct request *request)
{
	struct slot *slot = request->slot;
	struct text path = text_in(slot->second_host, sizeof(slot->second_host));
	const char *name = request->name;

	if (request->kept >= 0) {
		text_add(&path, "/proc/self/fd/");
		text_add_number(&path, request->kept);
		return path.at;
	}
	if (request->prefixes > 0)
		name = request->prefix[request->prefixes - 1];
	else if (request->directory != AT_FDCWD && name != slot->exec.name)
		name = slot->exec.exe;
	if (name[0] != '-')
		return name;
	/* It would be taken for an option. */
	text_add(&path, "./");
	text_add(&path, name);
	return path.at;
}

/*
 * EMULATOR [OPTION]... -0 ARGV0 PROGRAM, and then what the program would get behind its name. That
 * is how qemu's programs are told what to run and what it is called.
 */
static long put_emulator_in_front(struct request *request, size_t count)
{
	const char *path = emulated_path(request);
	const char *called = "";

	/* A script's interpreter is called as its line says. */
	if (request->prefixes > 0)
		called = request->prefix[--request->prefixes];
	else if (count > 0 && arguments_copy((char **)(void *)&called, request->arguments, 1) < 0)
		return -EFAULT;
	put_in_front(request, path);
	put_in_front(request, called);
	put_in_front(request, "-0");
	for (size_t i = engine.custom.emulator_words; i > 0; i--)
		put_in_front(request, engine.custom.emulator[i - 1]);
	return 0;
}

long exec_build_arguments(struct request *request, char **room, size_t count, char ***result)
{
	size_t given = count > 0 ? count - 1 : 0;
	size_t at = 0;
	long error = request->emulated ? put_emulator_in_front(request, count) : 0;

	if (error < 0)
		return error;
	if (request->prefixes == 0 && !compat_on) {
		*result = (char **)request->arguments;
		return 0;
	}
	if (request->prefixes == 0)
		given = count;
	for (size_t i = request->prefixes; i > 0; i--)
		memcpy(&room[at++], &request->prefix[i - 1], sizeof(char *));
	if (arguments_copy(&room[at], arguments_behind(request->arguments, count - given), given) <
		0)
		return -EFAULT;
	room[at + given] = NULL;
	*result = room;
	return 0;
}
