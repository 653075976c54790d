#include "base/sys.h"
#include "syscall.h"

#include <asm/unistd.h>

/* The few calls on sockets that the engine makes itself. */

long sys_bind(int socket, const void *address, size_t length)
{
	return raw_syscall(__NR_bind, socket, (long)address, (long)length, 0, 0, 0);
}

long sys_getsockname(int socket, void *address, unsigned *length)
{
	return raw_syscall(__NR_getsockname, socket, (long)address, (long)length, 0, 0, 0);
}

long sys_socket(int family, int kind, int protocol)
{
	return raw_syscall(__NR_socket, family, kind, protocol, 0, 0, 0);
}
