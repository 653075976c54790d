/* Raw calls, and what they gave besides their result. */
#ifndef WRAP_H
#define WRAP_H

#include "rows.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HERE AT_FDCWD
#define CALL(...) raw(syscall(__VA_ARGS__))

enum { NR_FCHMODAT2 = 452, NR_SETXATTRAT = 463, NR_GETXATTRAT, NR_LISTXATTRAT, NR_REMOVEXATTRAT, NR_FILE_GETATTR = 468,
	NR_FILE_SETATTR };

/* linux/openat2.h, which musl's compiler does not find. */
enum { RESOLVE_NO_XDEV = 1, RESOLVE_NO_MAGICLINKS = 2, RESOLVE_NO_SYMLINKS = 4, RESOLVE_BENEATH = 8, RESOLVE_IN_ROOT = 16,
	RESOLVE_CACHED = 32 };

struct open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

struct xattr_args {
	uint64_t value;
	uint32_t size;
	uint32_t flags;
};

extern struct xattr_args xattr_set;
extern struct xattr_args xattr_get;
extern char buffer[8192];
extern char status_buffer[512];

long show_stat(long result);
long show_stat64(long result);
long show_statx(long result);
long show_text(long result);
long show_names(long result);
long show_statfs(long result);
long show_opened(long result);
long show_directory(long result);
long show_watch(long result);
long show_attributes(long result);
long opened2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
long opened2_sized(int dir, const char *path, size_t size, unsigned char fill);
long handled(int dir, const char *path, int flags);
long notified(int dir, const char *path, unsigned flags);
long changed_root(const char *path);
long executed(int dir, const char *path, int flags);
long executed_old(const char *path);
long temporary(int dir, const char *path);
long marked(const char *path, unsigned mask);
long with_attribute(const char *path, bool follow);

#endif
