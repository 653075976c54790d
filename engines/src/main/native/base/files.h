#ifndef CORACLE_BASE_FILES_H
#define CORACLE_BASE_FILES_H

#include <stddef.h>

/* Typed system calls that change files, as sys.h has those that every part needs. */
long files_mkdir(int directory, const char *path, unsigned mode);
long files_mknod(int directory, const char *path, unsigned mode, unsigned long device);
long files_unlink(int directory, const char *path, int flags);
long files_rename(
	int from_directory, const char *from, int to_directory, const char *to, unsigned flags);
long files_symlink(const char *target, const char *path);
long files_chmod(int descriptor, unsigned mode);
long files_chmod_path(const char *path, unsigned mode);
long files_chown(const char *path, unsigned user, unsigned group);
long files_set_times(int directory, const char *path, const void *times, int flags);
long files_truncate(int descriptor, long size);
long files_seek(int descriptor, long offset, int whence);
long files_lock(int descriptor, int operation);
long files_read_directory(int descriptor, void *buffer, size_t size);
long files_copy_range(int from, long *from_at, int to, long *to_at, size_t size);
long files_pwrite(int descriptor, const void *buffer, size_t size, long offset);
long files_clone(int to, int from);
long files_list_attributes(const char *path, char *names, size_t size);
long files_get_attribute(const char *path, const char *name, void *value, size_t size);
long files_set_attribute(const char *path, const char *name, const void *value, size_t size);

#endif
