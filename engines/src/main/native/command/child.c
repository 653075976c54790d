#include "command/child.h"

#include <linux/errno.h>

#include "base/sys.h"

unsigned long child_signal(int signal)
{
	return 1UL << (signal - 1);
}

int child_wait_for_start(int pipe)
{
	unsigned char code = 0;
	long got;

	do {
		got = sys_read(pipe, &code, sizeof(code));
	} while (got == -EINTR);
	sys_close(pipe);
	return got == 1 ? code : 0;
}
