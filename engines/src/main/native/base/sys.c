#include "base/sys.h"

#include <linux/errno.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/signal.h>

#include "syscall.h"

static long call(long number, long a, long b, long c, long d)
{
	return raw_syscall(number, a, b, c, d, 0, 0);
}

bool sys_failed(long result)
{
	return result < 0 && result >= -4095;
}

long sys_openat(int directory, const char *path, int flags, unsigned mode)
{
	return call(__NR_openat, directory, (long)path, flags, (long)mode);
}

long sys_open_no_links(int directory, const char *path, int flags)
{
	struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_NO_SYMLINKS};

	return call(__NR_openat2, directory, (long)path, (long)&how, sizeof(how));
}

bool sys_is_out_of_reach(long error)
{
	return error == -ENOSYS || error == -EPERM || error == -EMFILE || error == -ENFILE;
}

long sys_close(int descriptor)
{
	return call(__NR_close, descriptor, 0, 0, 0);
}

long sys_read(int descriptor, void *buffer, size_t size)
{
	return call(__NR_read, descriptor, (long)buffer, (long)size, 0);
}

long sys_pread(int descriptor, void *buffer, size_t size, long offset)
{
	return call(__NR_pread64, descriptor, (long)buffer, (long)size, offset);
}

long sys_write(int descriptor, const void *buffer, size_t size)
{
	return call(__NR_write, descriptor, (long)buffer, (long)size, 0);
}

long sys_getdents64(int descriptor, void *buffer, size_t size)
{
	return call(__NR_getdents64, descriptor, (long)buffer, (long)size, 0);
}

long sys_renameat(int from, const char *path, int to, const char *target)
{
	return raw_syscall(__NR_renameat2, from, (long)path, to, (long)target, 0, 0);
}

long sys_unlinkat(int directory, const char *path, int flags)
{
	return call(__NR_unlinkat, directory, (long)path, flags, 0);
}

long sys_clock_gettime(int clock, struct timespec *time)
{
	return call(__NR_clock_gettime, clock, (long)time, 0, 0);
}

long sys_nanosleep(const struct timespec *time)
{
	return call(__NR_nanosleep, (long)time, 0, 0, 0);
}

long sys_pwrite(int descriptor, const void *buffer, size_t size, long offset)
{
	return call(__NR_pwrite64, descriptor, (long)buffer, (long)size, offset);
}

long sys_readlinkat(int directory, const char *path, char *buffer, size_t size)
{
	return call(__NR_readlinkat, directory, (long)path, (long)buffer, (long)size);
}

long sys_fstatat(int directory, const char *path, struct stat *result, int flags)
{
	return call(__NR_newfstatat, directory, (long)path, (long)result, flags);
}

long sys_fallocate(int descriptor, long offset, long size)
{
	return call(__NR_fallocate, descriptor, 0, offset, size);
}

long sys_statx(int directory, const char *path, int flags, unsigned mask, struct statx *result)
{
	return raw_syscall(__NR_statx, directory, (long)path, flags, (long)mask, (long)result, 0);
}

long sys_fchmodat(int directory, const char *path, unsigned mode)
{
	return call(__NR_fchmodat, directory, (long)path, (long)mode, 0);
}

long sys_fchownat(int directory, const char *path, unsigned user, unsigned group, int flags)
{
	return raw_syscall(__NR_fchownat, directory, (long)path, (long)user, (long)group, flags, 0);
}

long sys_mkdirat(int directory, const char *path, unsigned mode)
{
	return call(__NR_mkdirat, directory, (long)path, (long)mode, 0);
}

long sys_mknodat(int directory, const char *path, unsigned mode, unsigned device)
{
	return call(__NR_mknodat, directory, (long)path, (long)mode, (long)device);
}

long sys_renameat2(int directory, const char *from, const char *to, unsigned flags)
{
	return raw_syscall(
		__NR_renameat2, directory, (long)from, directory, (long)to, (long)flags, 0);
}

long sys_faccessat2(int directory, const char *path, int mode, int flags)
{
	long result = call(__NR_faccessat2, directory, (long)path, mode, flags);

	/* Before Linux 5.8; the old call checks the real ids, which F never separates. */
	if (result == -38)
		result = call(__NR_faccessat, directory, (long)path, mode, 0);
	return result;
}

long sys_getcwd(char *buffer, size_t size)
{
	return call(__NR_getcwd, (long)buffer, (long)size, 0, 0);
}

long sys_chdir(const char *path)
{
	return call(__NR_chdir, (long)path, 0, 0, 0);
}

long sys_ftruncate(int descriptor, long size)
{
	return call(__NR_ftruncate, descriptor, size, 0, 0);
}

long sys_mmap(
	unsigned long address, size_t size, int protection, int flags, int descriptor, long at)
{
	return raw_syscall(__NR_mmap, (long)address, (long)size, protection, flags, descriptor, at);
}

long sys_munmap(unsigned long address, size_t size)
{
	return call(__NR_munmap, (long)address, (long)size, 0, 0);
}

long sys_mprotect(unsigned long address, size_t size, int protection)
{
	return call(__NR_mprotect, (long)address, (long)size, protection, 0);
}

long sys_execve(const char *path, char *const *arguments, char *const *environment)
{
	return call(__NR_execve, (long)path, (long)arguments, (long)environment, 0);
}

long sys_fork(void)
{
	return call(__NR_clone, SIGCHLD, 0, 0, 0);
}

long sys_fork_silently(void)
{
	return call(__NR_clone, 0, 0, 0, 0);
}

long sys_fork_sharing_descriptors(void)
{
	return call(__NR_clone, CLONE_FILES, 0, 0, 0);
}

long sys_personality(unsigned long persona)
{
	return call(__NR_personality, (long)persona, 0, 0, 0);
}

long sys_wait4(int process, int *status, int options)
{
	return call(__NR_wait4, process, (long)status, options, 0);
}

long sys_kill(int process, int signal)
{
	return call(__NR_kill, process, signal, 0, 0);
}

long sys_tgkill(int process, int thread, int signal)
{
	return call(__NR_tgkill, process, thread, signal, 0);
}

long sys_getpid(void)
{
	return call(__NR_getpid, 0, 0, 0, 0);
}

long sys_gettid(void)
{
	return call(__NR_gettid, 0, 0, 0, 0);
}

long sys_uname(struct new_utsname *name)
{
	return call(__NR_uname, (long)name, 0, 0, 0);
}

long sys_getuid(void)
{
	return call(__NR_getuid, 0, 0, 0, 0);
}

long sys_geteuid(void)
{
	return call(__NR_geteuid, 0, 0, 0, 0);
}

long sys_getgid(void)
{
	return call(__NR_getgid, 0, 0, 0, 0);
}

long sys_fcntl(int descriptor, int command, long argument)
{
	return call(__NR_fcntl, descriptor, command, argument, 0);
}

long sys_prctl(int option, unsigned long a, unsigned long b)
{
	return call(__NR_prctl, option, (long)a, (long)b, 0);
}

long sys_dispatch_calls(unsigned long begin, unsigned long length)
{
	enum { SET_DISPATCH = 59, DISPATCH_ON = 1 }; /* linux/prctl.h, from Linux 5.11 on */

	return raw_syscall(__NR_prctl, SET_DISPATCH, DISPATCH_ON, (long)begin, (long)length, 0, 0);
}

long sys_seccomp(unsigned operation, unsigned flags, const void *argument)
{
	return call(__NR_seccomp, (long)operation, (long)flags, (long)argument, 0);
}

long sys_rt_sigaction(int signal, const struct sys_sigaction *action, struct sys_sigaction *old)
{
	return call(__NR_rt_sigaction, signal, (long)action, (long)old, SYS_MASK_BYTES);
}

long sys_rt_sigprocmask(int how, const unsigned long *set, unsigned long *old)
{
	return call(__NR_rt_sigprocmask, how, (long)set, (long)old, SYS_MASK_BYTES);
}

long sys_sched_yield(void)
{
	return call(__NR_sched_yield, 0, 0, 0, 0);
}

long sys_sigaltstack(const void *wanted, void *old)
{
	return call(__NR_sigaltstack, (long)wanted, (long)old, 0, 0);
}

long sys_rt_sigtimedwait(const unsigned long *set, void *info, const struct timespec *limit)
{
	return call(__NR_rt_sigtimedwait, (long)set, (long)info, (long)limit, SYS_MASK_BYTES);
}

long sys_setgroups(size_t count, const unsigned *groups)
{
	return call(__NR_setgroups, (long)count, (long)groups, 0, 0);
}

long sys_setresgid(int real, int effective, int saved)
{
	return call(__NR_setresgid, real, effective, saved, 0);
}

long sys_setresuid(int real, int effective, int saved)
{
	return call(__NR_setresuid, real, effective, saved, 0);
}

long sys_pidfd_open(int process)
{
	return call(__NR_pidfd_open, process, 0, 0, 0);
}

long sys_pidfd_send_signal(int descriptor, int signal)
{
	return call(__NR_pidfd_send_signal, descriptor, signal, 0, 0);
}

long sys_pipe2(int descriptors[2], int flags)
{
	return call(__NR_pipe2, (long)descriptors, flags, 0, 0);
}

long sys_rt_tgsigqueueinfo(int process, int thread, int signal, const void *info)
{
	return call(__NR_rt_tgsigqueueinfo, process, thread, signal, (long)info);
}

long sys_lseek(int descriptor, long offset, int whence)
{
	return call(__NR_lseek, descriptor, offset, whence, 0);
}

long sys_dup3(int from, int to, int flags)
{
	return call(__NR_dup3, from, to, flags, 0);
}

long sys_fchmod(int descriptor, unsigned mode)
{
	return call(__NR_fchmod, descriptor, (long)mode, 0, 0);
}

long sys_memfd_create(const char *name, unsigned flags)
{
	return call(__NR_memfd_create, (long)name, (long)flags, 0, 0);
}

long sys_getrandom(void *bytes, size_t size)
{
	return call(__NR_getrandom, (long)bytes, (long)size, 0, 0);
}

long sys_futimens(int descriptor, const struct sys_time times[2])
{
	return call(__NR_utimensat, descriptor, 0, (long)times, 0);
}

long sys_process_vm_readv(int process, const void *from, void *to, size_t size)
{
	/* struct iovec */
	const struct piece {
		const void *at;
		size_t size;
	} here = {to, size}, there = {from, size};

	return raw_syscall(__NR_process_vm_readv, process, (long)&here, 1, (long)&there, 1, 0);
}

long sys_close_range(unsigned first, unsigned last)
{
	return call(__NR_close_range, (long)first, (long)last, 0, 0);
}

long sys_ptrace(int request, int thread, unsigned long address, void *data)
{
	return call(__NR_ptrace, request, thread, (long)address, (long)data);
}

long sys_sched_setaffinity(int thread, size_t size, const unsigned long *processors)
{
	return call(__NR_sched_setaffinity, thread, (long)size, (long)processors, 0);
}

long sys_sched_getaffinity(int thread, size_t size, unsigned long *processors)
{
	return call(__NR_sched_getaffinity, thread, (long)size, (long)processors, 0);
}

void sys_exit_group(int code)
{
	for (;;)
		call(__NR_exit_group, code, 0, 0, 0);
}
