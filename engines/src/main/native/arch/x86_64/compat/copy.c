#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"
#include "compat.h"
#include "guest/peer.h"
#include "machine.h"

/*
 * Copies of memory that may not be there, without a handler for the fault: the kernel makes them. A
 * host that forbids that call gets a plain one, where a bad address ends the program.
 */

unsigned char compat_on;

bool compat_runs_in(unsigned long process)
{
	unsigned char on = 0;

	return peer_is_guest(process) && peer_read(process, &compat_on, &on, sizeof(on)) == 0 &&
	       on != 0;
}

long compat_copy(void *to, const void *from, size_t size)
{
	long got = size > 0 ? sys_process_vm_readv((int)sys_getpid(), from, to, size) : 0;

	if (got == -ENOSYS || got == -EPERM)
		memcpy(to, from, size);
	else if (got != (long)size)
		return -EFAULT;
	return 0;
}

long compat_copy_string(char *to, const char *from, size_t size)
{
	size_t done = 0;

	while (done < size) {
		/* What lies behind the end of a page may not be there, and not be needed. */
		size_t part = MACHINE_PAGE - ((unsigned long)(from + done) & (MACHINE_PAGE - 1));

		if (part > size - done)
			part = size - done;
		if (compat_copy(to + done, from + done, part) < 0)
			return -EFAULT;
		for (size_t i = 0; i < part; i++) {
			if (to[done + i] == '\0')
				return (long)(done + i);
		}
		done += part;
	}
	return (long)size;
}
