#include "base/sys.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>
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

long sys_readlinkat(int directory, const char *path, char *buffer, size_t size)
{
	return call(__NR_readlinkat, directory, (long)path, (long)buffer, (long)size);
}

long sys_fstatat(int directory, const char *path, struct stat *result, int flags)
{
	return call(__NR_newfstatat, directory, (long)path, (long)result, flags);
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

long sys_getuid(void)
{
	return call(__NR_getuid, 0, 0, 0, 0);
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

long sys_rt_sigtimedwait(const unsigned long *set)
{
	return call(__NR_rt_sigtimedwait, (long)set, 0, 0, SYS_MASK_BYTES);
}

long sys_pipe2(int descriptors[2], int flags)
{
	return call(__NR_pipe2, (long)descriptors, flags, 0, 0);
}

long sys_rt_tgsigqueueinfo(int process, int thread, int signal, const void *info)
{
	return call(__NR_rt_tgsigqueueinfo, process, thread, signal, (long)info);
}

void sys_exit_group(int code)
{
	for (;;)
		call(__NR_exit_group, code, 0, 0, 0);
}
