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

/*
 * May it be executed? Asked of the descriptor itself: the first look into /proc/self costs a new
 * process more than all other calls before an execve(2) together. Before Linux 5.8 there is no
 * other way.
 */
static long check_executable(int descriptor)
{
	char path[OWN_DESCRIPTOR_BYTES];
	long error = sys_faccessat2(descriptor, "", ACCESS_EXECUTE, AT_EACCESS | AT_EMPTY_PATH);

	return error == -ENOENT || error == -EINVAL || error == -EPERM
		       ? sys_faccessat2(AT_FDCWD, own_descriptor(path, descriptor).at,
				 ACCESS_EXECUTE, AT_EACCESS)
		       : error;
}

static long check_status(const struct stat *status, int descriptor)
{
	if ((status->st_mode & S_IFMT) == S_IFLNK)
		return -ELOOP;
	return (status->st_mode & S_IFMT) == S_IFREG ? check_executable(descriptor) : -EACCES;
}

long program_file_check(int descriptor)
{
	struct stat status;
	long error = sys_fstatat(descriptor, "", &status, AT_EMPTY_PATH);

	return error < 0 ? error : check_status(&status, descriptor);
}

/* Kernels without openat2(2) have to do with the text. */
static long open_without_links(const char *host, int flags)
{
	long file = sys_open_no_links(AT_FDCWD, host, flags | O_NOFOLLOW | O_CLOEXEC);

	return file == -ENOSYS || file == -EPERM
		       ? sys_openat(AT_FDCWD, host, flags | O_NOFOLLOW | O_CLOEXEC, 0)
		       : file;
}

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/*
 * By its path once more, which is the quick way. -ELOOP when that leads to another file by now;
 * what stands there instead is not waited for.
 */
static long open_again(const char *host, const struct stat *held)
{
	struct stat status;
	long file = sys_open_no_links(
		AT_FDCWD, host, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);

	if (file < 0)
		return file;
	if (sys_fstatat((int)file, "", &status, AT_EMPTY_PATH) == 0 && is_same(&status, held))
		return file;
	sys_close((int)file);
	return -ELOOP;
}

/* The file that is held, to be read, if it may be executed. */
static long open_held(const struct walk *walk, long found)
{
	char path[OWN_DESCRIPTOR_BYTES];
	struct stat status;
	long file = sys_fstatat((int)found, "", &status, AT_EMPTY_PATH);

	if (file == 0)
		file = check_status(&status, (int)found);
	if (file < 0)
		return file;
	file = walk->magic ? -ELOOP : open_again(walk->host.at, &status);
	return file >= 0 ? file
			 : sys_openat(AT_FDCWD, own_descriptor(path, found).at,
				   O_RDONLY | O_CLOEXEC, 0);
}

long program_file_open(const struct walk *walk)
{
	const char *host = walk->host.at;
	/* A link of /proc is for the kernel to follow. */
	long found = walk->magic ? sys_openat(AT_FDCWD, host, O_PATH | O_CLOEXEC, 0)
				 : open_without_links(host, O_PATH);
	long file;

	if (found < 0)
		return found;
	file = open_held(walk, found);
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
