#include "wrap.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

char buffer[8192];
char status_buffer[512];
static char value[] = "value";
struct xattr_args xattr_set;
struct xattr_args xattr_get;

__attribute__((constructor)) static void point(void)
{
	xattr_set = (struct xattr_args){(uintptr_t)value, sizeof(value), 0};
	xattr_get = (struct xattr_args){(uintptr_t)buffer, sizeof(buffer), 0};
}

static void note_status(unsigned mode, unsigned user, unsigned group, long size)
{
	note(" %o %u:%u %ld", mode, user, group, S_ISREG(mode) || S_ISLNK(mode) ? size : -1L);
}

#ifdef __i386__
/* The beginnings of struct stat and struct stat64 in the kernel's asm/stat.h; libc has others. */
struct kernel_stat {
	uint32_t device, inode;
	uint16_t mode, links, user, group;
	uint32_t special, size;
};

struct kernel_stat64 {
	uint32_t device[3], inode, mode, links, user, group, special[2], unused;
	uint32_t size;
};

long show_stat64(long result)
{
	const struct kernel_stat64 *status = (const struct kernel_stat64 *)status_buffer;

	if (result == 0)
		note_status(status->mode, status->user, status->group, (long)status->size);
	return result;
}

long show_stat(long result)
{
	const struct kernel_stat *status = (const struct kernel_stat *)status_buffer;

	if (result == 0)
		note_status(status->mode, status->user, status->group, (long)status->size);
	return result;
}
#else
/* The kernel's structure is libc's on 64-bit machines. */
long show_stat(long result)
{
	const struct stat *status = (const struct stat *)status_buffer;

	if (result == 0)
		note_status((unsigned)status->st_mode, status->st_uid, status->st_gid, (long)status->st_size);
	return result;
}
#endif

/* Offsets of struct statx: older headers lack it. */
long show_statx(long result)
{
	uint16_t mode;
	uint64_t size;
	uint32_t links;

	memcpy(&mode, status_buffer + 28, sizeof(mode));
	memcpy(&size, status_buffer + 40, sizeof(size));
	memcpy(&links, status_buffer + 16, sizeof(links));
	if (result == 0)
		note(" %o %ld links %u", mode, S_ISREG(mode) || S_ISLNK(mode) ? (long)size : -1L, S_ISDIR(mode) ? 0 : links);
	return result;
}

long show_text(long result)
{
	if (result > 0 && result < 200)
		note(" '%.*s'", (int)result, strstr(buffer, "host-only") != NULL ? "" : buffer);
	memset(buffer, 0, 256);
	return result;
}

long show_names(long result)
{
	for (long i = 0; i < result; i += (long)strlen(buffer + i) + 1)
		note(" %s", buffer + i);
	return result;
}

long show_statfs(long result)
{
	const struct statfs *system = (const struct statfs *)status_buffer;

	/* Every bind mount has flags of its own, which F does not tell. */
	if (result == 0)
		note(" type %lx names %ld", (long)system->f_type, (long)system->f_namelen);
	return result;
}

/* The number itself says nothing: what it is, how it was opened and where it lies does. */
long show_opened(long result)
{
	struct stat status;
	char link[64];
	char place[8192];
	long length;

	if (result < 0)
		return result;
	snprintf(link, sizeof(link), "/proc/self/fd/%ld", result);
	length = readlink(link, place, sizeof(place) - 1);
	if (fstat((int)result, &status) == 0)
		note(" %o", (unsigned)status.st_mode);
	/* To the engine a 32-bit program opens files of any size; 0 where they all do. */
	note(" flags %o", fcntl((int)result, F_GETFL) & ~O_LARGEFILE);
	if (length > 0 && length < 200)
		note(" at %.*s", (int)length, place);
	else
		note(" at %ld", length);
	close((int)result);
	return 0;
}

/* Where the process is now; and back again. */
long show_directory(long result)
{
	long length = raw(syscall(SYS_getcwd, buffer, sizeof(buffer)));

	if (length < 0)
		note(" in %s", error_name(length));
	else
		note(" in %s", buffer);
	if (chdir(FIXTURE) < 0)
		note(" lost");
	return result;
}

long show_watch(long result)
{
	return result > 0 ? 0 : result;
}

long show_attributes(long result)
{
	if (result == 0)
		note(" got");
	return result;
}

long opened2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
	struct open_how how = {flags, mode, resolve};

	return show_opened(raw(syscall(SYS_openat2, dir, path, &how, sizeof(how))));
}

long opened2_sized(int dir, const char *path, size_t size, unsigned char fill)
{
	static unsigned char how[8192];

	memset(how, 0, sizeof(how));
	memset(how + sizeof(struct open_how), fill, sizeof(how) - sizeof(struct open_how));
	return show_opened(raw(syscall(SYS_openat2, dir, path, how, size)));
}

long handled(int dir, const char *path, int flags)
{
	struct {
		uint32_t bytes;
		int32_t type;
		unsigned char rest[128];
	} handle = {128, 0, {0}};
	int mount = -1;
	long result = raw(syscall(SYS_name_to_handle_at, dir, path, &handle, &mount, flags));

	if (result == 0)
		note(" bytes %u", handle.bytes);
	return result;
}

long notified(int dir, const char *path, unsigned flags)
{
	static int group = -2;

	if (group == -2)
		group = (int)raw(syscall(SYS_fanotify_init, 0x200, O_RDONLY)); /* FAN_REPORT_FID */
	if (group < 0)
		note(" no group: %s", error_name(group));
#ifdef __i386__
	return raw(syscall(SYS_fanotify_mark, group, flags, 0x2UL, 0UL, dir, path));
#else
	return raw(syscall(SYS_fanotify_mark, group, flags, 0x2UL, dir, path)); /* FAN_MODIFY */
#endif
}

long marked(const char *path, unsigned mask)
{
	int watcher = inotify_init1(0);
	long result = raw(syscall(SYS_inotify_add_watch, watcher, path, mask));

	close(watcher);
	return show_watch(result);
}

static long wait_for(pid_t child)
{
	int status = 0;

	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) >= 100)
		return -(long)(WEXITSTATUS(status) - 100);
	note(" status %x", status);
	return 0;
}

static char *const arguments[] = {"program", "one", NULL};
static char *const variables[] = {"A=b", NULL};

long executed(int dir, const char *path, int flags)
{
	pid_t child = fork();

	if (child == 0)
		_exit((int)(100 - raw(syscall(SYS_execveat, dir, path, arguments, variables, flags))));
	return wait_for(child);
}

long executed_old(const char *path)
{
	pid_t child = fork();

	if (child == 0)
		_exit((int)(100 - raw(syscall(SYS_execve, path, arguments, variables))));
	return wait_for(child);
}

/* O_TMPFILE, given a name through its descriptor. */
long temporary(int dir, const char *path)
{
	long made = raw(syscall(SYS_openat, dir, path, O_TMPFILE | O_RDWR, 0600));
	char link[64];
	long linked;

	if (made < 0)
		return made;
	snprintf(link, sizeof(link), "/proc/self/fd/%ld", made);
	linked = raw(syscall(SYS_linkat, AT_FDCWD, link, AT_FDCWD, FIXTURE "/named", AT_SYMLINK_FOLLOW));
	note(" named %s", linked < 0 ? error_name(linked) : "it");
	close((int)made);
	return 0;
}

/* Set, listed, read and removed again. */
long with_attribute(const char *path, bool follow)
{
	long set = raw(syscall(follow ? SYS_setxattr : SYS_lsetxattr, path, "user.mark", value, sizeof(value), 0));
	long read = raw(syscall(follow ? SYS_getxattr : SYS_lgetxattr, path, "user.mark", buffer, sizeof(buffer)));
	long listed = raw(syscall(follow ? SYS_listxattr : SYS_llistxattr, path, buffer, sizeof(buffer)));
	long removed = raw(syscall(follow ? SYS_removexattr : SYS_lremovexattr, path, "user.mark"));

	note(" read %s listed %s removed %s", read < 0 ? error_name(read) : "it", listed < 0 ? error_name(listed) : "it",
		removed < 0 ? error_name(removed) : "it");
	return set;
}
