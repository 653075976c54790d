#include "guest/peer.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"

bool peer_is_own(unsigned long process)
{
	return process == (unsigned long)sys_getpid() || process == (unsigned long)sys_gettid();
}

bool peer_is_guest(unsigned long process)
{
	char name[64];
	struct text path = text_in(name, sizeof(name));
	struct stat own;
	struct stat other;

	if (peer_is_own(process))
		return true;
	text_add(&path, "/proc/");
	text_add_number(&path, (long)process);
	text_add(&path, "/exe");
	return sys_fstatat(AT_FDCWD, "/proc/self/exe", &own, 0) == 0 &&
	       sys_fstatat(AT_FDCWD, path.at, &other, 0) == 0 && own.st_dev == other.st_dev &&
	       own.st_ino == other.st_ino;
}

long peer_read(unsigned long process, const void *variable, void *to, size_t size)
{
	long got;

	if (peer_is_own(process)) {
		memmove(to, variable, size);
		return 0;
	}
	got = sys_process_vm_readv((int)process, variable, to, size);
	if (got < 0)
		return got;
	return (size_t)got == size ? 0 : -EFAULT;
}
