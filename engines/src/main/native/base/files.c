#include "base/files.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "syscall.h"

static long call(long number, long a, long b, long c, long d)
{
	return raw_syscall(number, a, b, c, d, 0, 0);
}

long files_mkdir(int directory, const char *path, unsigned mode)
{
	return call(__NR_mkdirat, directory, (long)path, (long)mode, 0);
}

long files_mknod(int directory, const char *path, unsigned mode, unsigned long device)
{
	return call(__NR_mknodat, directory, (long)path, (long)mode, (long)device);
}

long files_unlink(int directory, const char *path, int flags)
{
	return call(__NR_unlinkat, directory, (long)path, flags, 0);
}

long files_rename(
	int from_directory, const char *from, int to_directory, const char *to, unsigned flags)
{
	return raw_syscall(
		__NR_renameat2, from_directory, (long)from, to_directory, (long)to, (long)flags, 0);
}

long files_symlink(const char *target, const char *path)
{
	return call(__NR_symlinkat, (long)target, AT_FDCWD, (long)path, 0);
}

long files_chmod(int descriptor, unsigned mode)
{
	return call(__NR_fchmod, descriptor, (long)mode, 0, 0);
}

long files_chmod_path(const char *path, unsigned mode)
{
	return call(__NR_fchmodat, AT_FDCWD, (long)path, (long)mode, 0);
}

long files_chown(const char *path, unsigned user, unsigned group)
{
	return raw_syscall(__NR_fchownat, AT_FDCWD, (long)path, (long)user, (long)group,
		AT_SYMLINK_NOFOLLOW, 0);
}

long files_set_times(int directory, const char *path, const void *times, int flags)
{
	return call(__NR_utimensat, directory, (long)path, (long)times, flags);
}

long files_truncate(int descriptor, long size)
{
	return call(__NR_ftruncate, descriptor, size, 0, 0);
}

long files_seek(int descriptor, long offset, int whence)
{
	return call(__NR_lseek, descriptor, offset, whence, 0);
}

long files_lock(int descriptor, int operation)
{
	return call(__NR_flock, descriptor, operation, 0, 0);
}

long files_read_directory(int descriptor, void *buffer, size_t size)
{
	return call(__NR_getdents64, descriptor, (long)buffer, (long)size, 0);
}

long files_copy_range(int from, long *from_at, int to, long *to_at, size_t size)
{
	return raw_syscall(
		__NR_copy_file_range, from, (long)from_at, to, (long)to_at, (long)size, 0);
}

long files_pwrite(int descriptor, const void *buffer, size_t size, long offset)
{
	return call(__NR_pwrite64, descriptor, (long)buffer, (long)size, offset);
}

long files_clone(int to, int from)
{
	return call(__NR_ioctl, to, FICLONE, from, 0);
}

long files_list_attributes(const char *path, char *names, size_t size)
{
	return call(__NR_llistxattr, (long)path, (long)names, (long)size, 0);
}

long files_get_attribute(const char *path, const char *name, void *value, size_t size)
{
	return call(__NR_lgetxattr, (long)path, (long)name, (long)value, (long)size);
}

long files_set_attribute(const char *path, const char *name, const void *value, size_t size)
{
	return raw_syscall(__NR_lsetxattr, (long)path, (long)name, (long)value, (long)size, 0, 0);
}
