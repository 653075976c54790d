#include "guest/proc.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/served.h"
#include "guest/sibling.h"
#include "intercept/engine.h"

/* Reads "NUMBER/" and steps over it. */
static bool take_number(const char **at, unsigned long *number)
{
	size_t digits = text_read_number(*at, number);

	if (digits == 0 || (*at)[digits] != '/')
		return false;
	*at += digits + 1;
	return true;
}

struct proc_place proc_place_of(const char *host)
{
	struct proc_place place = {.link = PROC_ORDINARY};
	const char *at = host + strlen("/proc/");
	unsigned long thread;

	if (!text_starts(host, "/proc/") || !take_number(&at, &place.process))
		return place;
	if (text_starts(at, "task/")) {
		at += strlen("task/");
		if (!take_number(&at, &thread))
			return place;
	}
	if (strcmp(at, "exe") == 0) {
		place.link = PROC_EXE;
	} else if (strcmp(at, "cwd") == 0) {
		place.link = PROC_CWD;
	} else if (strcmp(at, "root") == 0) {
		place.link = PROC_ROOT;
	} else if (text_starts(at, "fd/")) {
		size_t digits = text_read_number(at + 3, &place.descriptor);

		if (digits > 0 && at[3 + digits] == '\0')
			place.link = PROC_DESCRIPTOR;
	} else if (text_starts(at, "ns/") || text_starts(at, "map_files/")) {
		place.link = PROC_OTHER;
	}
	return place;
}

/* The kernel's own text of a link, turned into the guest's where it is a path the guest can see. */
static long translated_text(const struct view *view, const char *host, struct text *target)
{
	char link[PATH_BYTES];
	long length = sys_readlinkat(AT_FDCWD, host, link, sizeof(link) - 1);

	if (length < 0)
		return length;
	link[length] = '\0';
	if (served_name(link, target))
		return (long)target->length;
	if (link[0] != '/' || view_to_guest(view, link, (size_t)length, target) < 0) {
		text_clear(target);
		text_add_bytes(target, link, (size_t)length);
	}
	return (long)target->length;
}

static long exe_text(const struct proc_place *place, const struct view *view, const char *host,
	struct text *target)
{
	char own[PATH_BYTES];
	long length;

	if (place->process == (unsigned long)sys_getpid()) {
		text_add(target, engine.exe);
		return (long)target->length;
	}
	length = translated_text(view, host, target);
	if (length < 0)
		return length;
	/* A sibling is the engine too, as far as the kernel knows. */
	length = sys_readlinkat(AT_FDCWD, "/proc/self/exe", own, sizeof(own));
	if (length == (long)target->length && memcmp(own, target->at, (size_t)length) == 0) {
		text_clear(target);
		return sibling_exe(place->process, target);
	}
	return (long)target->length;
}

long proc_link_text(const struct view *view, const char *host, struct text *target)
{
	struct proc_place place = proc_place_of(host);

	switch (place.link) {
	case PROC_EXE:
		return exe_text(&place, view, host, target);
	case PROC_ROOT:
		text_add(target, "/");
		return 1;
	case PROC_CWD:
	case PROC_DESCRIPTOR:
	case PROC_OTHER:
		return translated_text(view, host, target);
	case PROC_ORDINARY:
	default:
		return -EINVAL;
	}
}

/* Does it lead to a directory that has been removed, and where the guest could see it? */
static bool leads_to_removed(const struct view *view, const char *host, struct text *target)
{
	static const char mark[] = " (deleted)";
	size_t size = sizeof(mark) - 1;
	char link[PATH_BYTES];
	long length = sys_readlinkat(AT_FDCWD, host, link, sizeof(link) - 1);
	struct stat status;

	if (length <= (long)size || memcmp(link + length - size, mark, size) != 0 ||
		sys_fstatat(AT_FDCWD, host, &status, 0) < 0 ||
		(status.st_mode & S_IFMT) != S_IFDIR || status.st_nlink != 0)
		return false;
	text_clear(target);
	return view_to_guest(view, link, (size_t)length - size, target) == 0;
}

long proc_magic_link(const struct view *view, const char *host, bool last, struct text *target)
{
	struct proc_place place = proc_place_of(host);
	long length;

	if (place.link == PROC_ORDINARY)
		return -EINVAL;
	/* What a descriptor stands for may have no path at all; only the kernel can reopen it. */
	if (place.link == PROC_OTHER || (place.link == PROC_DESCRIPTOR && last))
		return 0;
	length = proc_link_text(view, host, target);
	if (length > 0 && (place.link == PROC_CWD || place.link == PROC_DESCRIPTOR) &&
		leads_to_removed(view, host, target))
		return -ESTALE;
	if (length > 0 && target->at[0] != '/')
		return -ENOTDIR;
	return length;
}

long proc_read_descriptor(int descriptor, char *buffer, size_t size)
{
	char name[64];
	struct text path = text_in(name, sizeof(name));

	if (descriptor < 0)
		return -EBADF;
	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, descriptor);
	return sys_readlinkat(AT_FDCWD, path.at, buffer, size);
}
