#include "guest/program_file.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/sys.h"
#include "base/text.h"

enum { ACCESS_EXECUTE = 1, OWN_DESCRIPTOR_BYTES = 64 };

static struct text own_descriptor(char *buffer, long descriptor)
{
	struct text path = text_in(buffer, OWN_DESCRIPTOR_BYTES);

	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, descriptor);
	return path;
}

long program_file_check(int descriptor)
{
	char path[OWN_DESCRIPTOR_BYTES];
	struct stat status;
	long error = sys_fstatat(descriptor, "", &status, AT_EMPTY_PATH);

	if (error < 0)
		return error;
	if ((status.st_mode & S_IFMT) == S_IFLNK)
		return -ELOOP;
	if ((status.st_mode & S_IFMT) != S_IFREG)
		return -EACCES;
	return sys_faccessat2(
		AT_FDCWD, own_descriptor(path, descriptor).at, ACCESS_EXECUTE, AT_EACCESS);
}

/* Kernels without openat2(2) have to do with the text. */
static long open_without_links(const char *host, int flags)
{
	long file = sys_open_no_links(AT_FDCWD, host, flags | O_NOFOLLOW | O_CLOEXEC);

	return file == -ENOSYS || file == -EPERM
		       ? sys_openat(AT_FDCWD, host, flags | O_NOFOLLOW | O_CLOEXEC, 0)
		       : file;
}

long program_file_open(const struct walk *walk)
{
	char path[OWN_DESCRIPTOR_BYTES];
	const char *host = walk->host.at;
	/* A link of /proc is for the kernel to follow. */
	long found = walk->magic ? sys_openat(AT_FDCWD, host, O_PATH | O_CLOEXEC, 0)
				 : open_without_links(host, O_PATH);
	long file;

	if (found < 0)
		return found;
	file = program_file_check((int)found);
	if (file == 0)
		file = sys_openat(
			AT_FDCWD, own_descriptor(path, found).at, O_RDONLY | O_CLOEXEC, 0);
	sys_close((int)found);
	/* It was the last descriptor, and what it stood for a regular file, which does not mind
	 * being opened. */
	return file == -EMFILE ? open_without_links(host, O_RDONLY) : file;
}

long program_file_reopen(const char *host)
{
	/* Names that the kernel alone can follow. */
	if (text_starts(host, "/proc/"))
		return sys_openat(AT_FDCWD, host, O_RDONLY | O_CLOEXEC, 0);
	return open_without_links(host, O_RDONLY);
}
