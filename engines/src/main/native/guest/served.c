#include "guest/served.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/engine.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

/* Tells our anonymous files from others, together with having no name; any other number would do.
 */
#define SERVED_NANOSECONDS 201632798

#define MEMORY_MARK "/memfd:"
#define SERVED_MARK "coracle:"
#define DELETED_MARK " (deleted)"

enum { ROOM_FIRST = 1 << 20, ROOM_MOST = 1 << 28 };

bool served_any;

struct served_file {
	char name[24];
	long (*produce)(struct served *served);
};

static const struct served_file files[] = {
	{"maps", maps_produce},
	{"smaps", maps_produce},
	{"numa_maps", maps_produce_numa},
	{"mounts", mounts_produce},
	{"mountinfo", mounts_produce_info},
	{"mountstats", mounts_produce_stats},
	{"status", facts_produce_status},
	{"environ", facts_produce_environ},
	{"auxv", facts_produce_auxv},
	{"net/unix", sockets_produce},
};

/* Of the whole machine, not of a process; only where the guest is told of another kernel. */
static const struct served_file kernel_files[] = {
	{"version", release_produce_version},
	{"sys/kernel/osrelease", release_produce},
};

static const struct served_file *find(
	const struct served_file *among, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(among[i].name, name) == 0)
			return &among[i];
	}
	return NULL;
}

static const struct served_file *file_named(const char *name)
{
	return find(files, sizeof(files) / sizeof(files[0]), name);
}

static const struct served_file *kernel_file(const char *name)
{
	return engine.custom.kernel == NULL
		       ? NULL
		       : find(kernel_files, sizeof(kernel_files) / sizeof(kernel_files[0]), name);
}

bool served_may_open(const char *path)
{
	if (text_starts(path, "/proc/"))
		return true;
	if (path[0] == '/')
		return false;
	/* One name, left to the kernel, relative to a directory that may be one of /proc. */
	return strcmp(path, "unix") == 0 || strcmp(path, "osrelease") == 0 ||
	       file_named(path) != NULL || kernel_file(path) != NULL;
}

/* "/proc/NAME", "/proc/N/NAME" or "/proc/N/task/T/NAME". */
static const struct served_file *file_at(const char *path, struct served *served)
{
	const char *at = path + strlen("/proc/");
	size_t digits;

	if (!text_starts(path, "/proc/"))
		return NULL;
	digits = text_read_number(at, &served->process);
	served->thread = served->process;
	if (digits == 0)
		return kernel_file(at);
	if (at[digits] != '/')
		return NULL;
	at += digits + 1;
	if (text_starts(at, "task/")) {
		at += strlen("task/");
		digits = text_read_number(at, &served->thread);
		if (digits == 0 || at[digits] != '/')
			return NULL;
		at += digits + 1;
	}
	return file_named(at);
}

bool served_name(const char *link, struct text *name)
{
	size_t length = strlen(link);
	size_t tail = strlen(DELETED_MARK);

	if (!text_starts(link, MEMORY_MARK SERVED_MARK) || length < tail ||
		strcmp(link + length - tail, DELETED_MARK) != 0)
		return false;
	text_clear(name);
	text_add_bytes(name, link + strlen(MEMORY_MARK SERVED_MARK),
		length - tail - strlen(MEMORY_MARK SERVED_MARK));
	return !name->overflow;
}

/* Where memfd_create(2) is refused. */
static long make_unnamed(int flags)
{
	static const char *const places[] = {"/tmp", "/var/tmp", "/dev/shm", "/run"};
	long file = -ENOENT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && file < 0; i++)
		file = sys_openat(AT_FDCWD, places[i], O_TMPFILE | O_RDWR | flags, 0600);
	return file;
}

static long make_file(const char *path, int flags)
{
	char bytes[128];
	struct text name = text_in(bytes, sizeof(bytes));
	unsigned how = (flags & O_CLOEXEC) != 0 ? MFD_CLOEXEC : 0;
	long file;

	text_add(&name, SERVED_MARK);
	text_add(&name, path);
	file = sys_memfd_create(name.at, how | MFD_NOEXEC_SEAL);
	/* Before Linux 6.3. */
	if (file == -EINVAL)
		file = sys_memfd_create(name.at, how);
	return file == -EMFILE || file >= 0 ? file : make_unnamed(flags);
}

/* Its size, owner and so on do not matter: fstat(2) is answered by served_show_stat(). */
static long write_file(int file, const struct served *served, const struct stat *real)
{
	struct sys_time times[2] = {
		{.seconds = (long)real->st_ino, .nanoseconds = SERVED_NANOSECONDS},
		{.seconds = (long)real->st_ino, .nanoseconds = SERVED_NANOSECONDS},
	};
	size_t done = 0;
	long error;

	while (done < served->out.length) {
		long written = sys_write(file, served->out.at + done, served->out.length - done);

		if (written < 0)
			return written;
		done += (size_t)written;
	}
	error = sys_fchmod(file, real->st_mode & 0777);
	if (error == 0)
		error = sys_futimens(file, times);
	return error < 0 ? error : sys_lseek(file, 0, 0);
}

/* What was opened to be read must not be written. Without a descriptor to spare it stays so. */
static long make_read_only(int file, int flags)
{
	char bytes[64];
	struct text path = text_in(bytes, sizeof(bytes));
	long again;
	long moved;

	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, file);
	again = sys_openat(AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
	if (again < 0)
		return file;
	moved = sys_dup3((int)again, file, flags);
	sys_close((int)again);
	return moved;
}

/*
 * Puts the text in place of the kernel's file. That is closed first: its number is the lowest that
 * is free, and there may be no other.
 */
static long replace(struct served *served, const char *path)
{
	int flags = (sys_fcntl(served->source, F_GETFD, 0) & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0;
	struct stat real;
	long error = sys_fstatat(served->source, "", &real, AT_EMPTY_PATH);
	long file;

	if (error < 0)
		return served->source;
	sys_close(served->source);
	file = make_file(path, flags);
	if (file < 0)
		return file;
	error = write_file((int)file, served, &real);
	if (error < 0) {
		sys_close((int)file);
		return error;
	}
	served_any = true;
	return make_read_only((int)file, flags);
}

/* Produces the text in memory that lies apart from the guest's, and is gone afterwards. */
static long serve(struct served *served, const struct served_file *file, const char *path)
{
	long result = served->source;

	for (size_t room = ROOM_FIRST; room <= ROOM_MOST; room *= 4) {
		/* Shared, so that it never grows together with a mapping of the guest's. */
		long memory = sys_mmap(0, room, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		long error;

		if (sys_failed(memory))
			return result;
		served->out = text_in((char *)memory, room);
		error = file->produce(served);
		if (error == 0 && !served->out.overflow)
			result = replace(served, path);
		sys_munmap((unsigned long)memory, room);
		/* What cannot be read is left for the guest to find out. */
		if (error < 0 || !served->out.overflow)
			return result;
	}
	return result;
}

/* One of our own files is opened once more by its descriptor: the guest means the one in /proc. */
static void open_again(const struct served *served, const char *path)
{
	int flags = (sys_fcntl(served->source, F_GETFD, 0) & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0;
	long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);

	if (file < 0)
		return;
	/* If there is no second descriptor the guest keeps the text of before. */
	(void)sys_dup3((int)file, served->source, flags);
	sys_close((int)file);
}

enum slot_action served_leave(struct slot *slot)
{
	struct served served = {.slot = slot, .source = (int)slot->result};
	char *name = slot->exec.name;
	struct text again = text_in(slot->exec.exe, sizeof(slot->exec.exe));
	const struct served_file *file;
	long length;

	if (slot->result < 0)
		return SLOT_DONE;
	length = proc_read_descriptor(served.source, name, sizeof(slot->exec.name) - 1);
	if (length < 0)
		return SLOT_DONE;
	name[length] = '\0';
	if (served_name(name, &again)) {
		open_again(&served, again.at);
		name = again.at;
	}
	file = file_at(name, &served);
	if (file != NULL)
		slot->result = serve(&served, file, name);
	return SLOT_DONE;
}

static bool is_served(unsigned links, unsigned mode, long nanoseconds)
{
	return links == 0 && (mode & S_IFMT) == S_IFREG && nanoseconds == SERVED_NANOSECONDS;
}

void served_show_stat(struct stat *status)
{
	struct stat proc;

	if (!is_served(status->st_nlink != 0, status->st_mode, (long)status->st_mtime_nsec))
		return;
	if (sys_fstatat(AT_FDCWD, "/proc", &proc, 0) == 0)
		status->st_dev = proc.st_dev;
	status->st_ino = (unsigned long)status->st_mtime;
	status->st_nlink = 1;
	status->st_size = 0;
	status->st_blocks = 0;
	status->st_blksize = 1024;
	status->st_mtime = status->st_atime = status->st_ctime;
	status->st_mtime_nsec = status->st_atime_nsec = status->st_ctime_nsec;
}

void served_show_statx(struct statx *status)
{
	struct stat proc;

	if (!is_served(status->stx_nlink, status->stx_mode, status->stx_mtime.tv_nsec))
		return;
	if (sys_fstatat(AT_FDCWD, "/proc", &proc, 0) == 0) {
		status->stx_dev_major = 0;
		status->stx_dev_minor = (unsigned)proc.st_dev;
	}
	status->stx_ino = (unsigned long)status->stx_mtime.tv_sec;
	status->stx_nlink = 1;
	status->stx_size = 0;
	status->stx_blocks = 0;
	status->stx_blksize = 1024;
	status->stx_mtime = status->stx_ctime;
	status->stx_atime = status->stx_ctime;
}
