#include "overlay/copy.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "path/view.h"

enum { SEEK_FROM_START = 0, SEEK_TO_DATA = 3, SEEK_TO_HOLE = 4 };
enum { BLOCK_BYTES = 1 << 17, RANGE_BYTES = 1 << 30, NAMES_BYTES = 4096, VALUE_BYTES = 4096 };

/* With read and write, where the kernel does not copy from this file system to that. */
static long copy_by_hand(int from, int to, long at, long end)
{
	long memory = sys_mmap(
		0, BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long error = 0;

	if (sys_failed(memory))
		return memory;
	while (at < end && error == 0) {
		size_t wanted = end - at < BLOCK_BYTES ? (size_t)(end - at) : BLOCK_BYTES;
		long length = sys_pread(from, (void *)memory, wanted, at);
		long written = 0;

		if (length <= 0) {
			error = length;
			break;
		}
		while (written < length && error == 0) {
			long result = files_pwrite(to, (const char *)memory + written,
				(size_t)(length - written), at + written);

			if (result <= 0)
				error = result < 0 ? result : -EIO;
			else
				written += result;
		}
		at += length;
	}
	sys_munmap((unsigned long)memory, BLOCK_BYTES);
	return error;
}

static long copy_range(int from, int to, long at, long end)
{
	while (at < end) {
		long from_at = at;
		long to_at = at;
		size_t wanted = end - at < RANGE_BYTES ? (size_t)(end - at) : RANGE_BYTES;
		long length = files_copy_range(from, &from_at, to, &to_at, wanted);

		/* Old kernels refuse two file systems, and some give nothing instead of an error.
		 */
		if (length <= 0)
			return copy_by_hand(from, to, at, end);
		at += length;
	}
	return 0;
}

static long copy_data(int from, int to, long size)
{
	long at = 0;

	if (size == 0 || files_clone(to, from) == 0)
		return 0;
	while (at < size) {
		long data = files_seek(from, at, SEEK_TO_DATA);
		long end = size;
		long error;

		if (data == -ENXIO)
			break;
		if (data < 0)
			data = at;
		else
			end = files_seek(from, data, SEEK_TO_HOLE);
		if (end <= data)
			end = size;
		error = copy_range(from, to, data, end);
		if (error < 0)
			return error;
		at = end;
	}
	return files_truncate(to, size);
}

static long copy_file(const char *from, const char *to, const struct stat *status, bool data)
{
	long source = sys_openat(AT_FDCWD, from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	long target;
	long error = 0;

	if (source < 0)
		return source;
	target = sys_openat(AT_FDCWD, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (target >= 0 && data)
		error = copy_data((int)source, (int)target, status->st_size);
	sys_close((int)source);
	if (target < 0)
		return target;
	sys_close((int)target);
	return error;
}

static long copy_link(const char *from, const char *to)
{
	char target[PATH_BYTES];
	long length = sys_readlinkat(AT_FDCWD, from, target, sizeof(target) - 1);

	if (length < 0)
		return length;
	target[length] = '\0';
	return files_symlink(target, to);
}

static long make(const char *from, const char *to, const struct stat *status, bool data)
{
	switch (status->st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(from, to, status, data);
	case S_IFDIR:
		return files_mkdir(AT_FDCWD, to, 0700);
	case S_IFLNK:
		return copy_link(from, to);
	default:
		return files_mknod(AT_FDCWD, to, status->st_mode, status->st_rdev);
	}
}

/* Those that this process may not set, or the other file system cannot keep, are left out. */
static void copy_attributes(const char *from, const char *to)
{
	char names[NAMES_BYTES];
	char value[VALUE_BYTES];
	long length = files_list_attributes(from, names, sizeof(names));

	for (long at = 0; at < length; at += (long)strlen(names + at) + 1) {
		long size = files_get_attribute(from, names + at, value, sizeof(value));

		if (size >= 0)
			(void)files_set_attribute(to, names + at, value, (size_t)size);
	}
}

static long set_mode(const char *path, const struct stat *status)
{
	if ((status->st_mode & S_IFMT) == S_IFLNK)
		return 0;
	return files_chmod_path(path, status->st_mode & 07777);
}

static long set_times(const char *path, const struct stat *status)
{
	const long times[4] = {(long)status->st_atime, (long)status->st_atime_nsec,
		(long)status->st_mtime, (long)status->st_mtime_nsec};

	return files_set_times(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

long copy_object(const char *from, const char *to, const struct stat *status, bool data)
{
	bool directory = (status->st_mode & S_IFMT) == S_IFDIR;
	long error = make(from, to, status, data);

	if (error == 0) {
		/* Who may not give files away keeps them, as cp(1) does. */
		(void)files_chown(to, status->st_uid, status->st_gid);
		error = set_mode(to, status);
		copy_attributes(from, to);
	}
	if (error == 0)
		error = set_times(to, status);
	if (error < 0 && error != -EEXIST)
		files_unlink(AT_FDCWD, to, directory ? AT_REMOVEDIR : 0);
	return error;
}
