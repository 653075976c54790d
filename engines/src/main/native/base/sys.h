#ifndef CORACLE_BASE_SYS_H
#define CORACLE_BASE_SYS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Typed system calls. Each returns what the kernel returned: >= 0, or -errno. Nothing here keeps an
 * errno, takes a lock or allocates, so all of it may run inside a guest's process at any moment.
 */
struct stat;
struct timespec;
struct statx;
struct new_utsname;

/* struct sigaction as rt_sigaction(2) takes it; differs from libc's. */
struct sys_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask;
};

enum { SYS_MASK_BYTES = 8 };

/* Is this -errno? Addresses, as mmap(2) gives them, may look negative too. */
bool sys_failed(long result);

long sys_openat(int directory, const char *path, int flags, unsigned mode);

/* Follows no symbolic link at all. `flags` and `mode` must be ones that openat2(2) takes. */
long sys_open_no_links(int directory, const char *path, int flags);

/* Of that call: the kernel has no openat2(2), or no descriptor to spare. Then a text must do. */
bool sys_is_out_of_reach(long error);
long sys_close(int descriptor);
long sys_read(int descriptor, void *buffer, size_t size);
long sys_pread(int descriptor, void *buffer, size_t size, long offset);
long sys_write(int descriptor, const void *buffer, size_t size);
long sys_pwrite(int descriptor, const void *buffer, size_t size, long offset);
long sys_getdents64(int descriptor, void *buffer, size_t size);
long sys_renameat(int from, const char *path, int to, const char *target);
long sys_unlinkat(int directory, const char *path, int flags);
long sys_clock_gettime(int clock, struct timespec *time);
long sys_nanosleep(const struct timespec *time);
long sys_readlinkat(int directory, const char *path, char *buffer, size_t size);
long sys_fallocate(int descriptor, long offset, long size);
long sys_fstatat(int directory, const char *path, struct stat *result, int flags);
long sys_statx(int directory, const char *path, int flags, unsigned mask, struct statx *result);
long sys_fchmodat(int directory, const char *path, unsigned mode);
long sys_fchownat(int directory, const char *path, unsigned user, unsigned group, int flags);
long sys_mkdirat(int directory, const char *path, unsigned mode);
long sys_mknodat(int directory, const char *path, unsigned mode, unsigned device);
long sys_renameat2(int directory, const char *from, const char *to, unsigned flags);
long sys_faccessat2(int directory, const char *path, int mode, int flags);
long sys_getcwd(char *buffer, size_t size);
long sys_chdir(const char *path);
long sys_ftruncate(int descriptor, long size);
long sys_mmap(
	unsigned long address, size_t size, int protection, int flags, int descriptor, long at);
long sys_munmap(unsigned long address, size_t size);
long sys_mprotect(unsigned long address, size_t size, int protection);
long sys_execve(const char *path, char *const *arguments, char *const *environment);
long sys_fork(void);

/* The same, but its end raises no signal: for wait4(2) with __WALL. */
long sys_fork_silently(void);

/* And with the same table of descriptors. */
long sys_fork_sharing_descriptors(void);
long sys_bind(int socket, const void *address, size_t length);
long sys_getsockname(int socket, void *address, unsigned *length);
long sys_socket(int family, int kind, int protocol);

/* What it was before; ~0 only asks (personality(2), whose answer is never an error then). */
long sys_personality(unsigned long persona);
long sys_wait4(int process, int *status, int options);
long sys_kill(int process, int signal);
long sys_tgkill(int process, int thread, int signal);
long sys_getpid(void);
long sys_gettid(void);
long sys_getuid(void);
long sys_geteuid(void);
long sys_uname(struct new_utsname *name);
long sys_getgid(void);
long sys_fcntl(int descriptor, int command, long argument);
long sys_prctl(int option, unsigned long a, unsigned long b);
/* This thread's calls from elsewhere than these addresses raise SIGSYS (Syscall User Dispatch). */
long sys_dispatch_calls(unsigned long begin, unsigned long length);
long sys_seccomp(unsigned operation, unsigned flags, const void *argument);
long sys_rt_sigaction(int signal, const struct sys_sigaction *action, struct sys_sigaction *old);
long sys_rt_sigprocmask(int how, const unsigned long *set, unsigned long *old);
long sys_sched_yield(void);
long sys_sigaltstack(const void *wanted, void *old);

long sys_lseek(int descriptor, long offset, int whence);
long sys_dup3(int from, int to, int flags);
long sys_fchmod(int descriptor, unsigned mode);
long sys_memfd_create(const char *name, unsigned flags);

long sys_getrandom(void *bytes, size_t size);

/* When a file was read and written last. */
struct sys_time {
	long seconds;
	long nanoseconds;
};

long sys_futimens(int descriptor, const struct sys_time times[2]);

/* From the memory of another process; one piece. */
long sys_process_vm_readv(int process, const void *from, void *to, size_t size);

/* Waits for one of the signals, without a limit when `limit` is NULL; the signal, or -EAGAIN
 * -EINTR. */
long sys_rt_sigtimedwait(const unsigned long *set, void *info, const struct timespec *limit);
long sys_setgroups(size_t count, const unsigned *groups);
long sys_setresgid(int real, int effective, int saved);
long sys_setresuid(int real, int effective, int saved);
long sys_pidfd_open(int process);
long sys_pidfd_send_signal(int descriptor, int signal);
long sys_pipe2(int descriptors[2], int flags);
long sys_rt_tgsigqueueinfo(int process, int thread, int signal, const void *info);
long sys_close_range(unsigned first, unsigned last);

/* Not for requests that give a value back as the result (PTRACE_PEEKDATA). */
long sys_ptrace(int request, int thread, unsigned long address, void *data);

/* `size` in bytes; reading returns how many there are. */
long sys_sched_setaffinity(int thread, size_t size, const unsigned long *processors);
long sys_sched_getaffinity(int thread, size_t size, unsigned long *processors);
__attribute__((noreturn)) void sys_exit_group(int code);

#endif
