#include "intercept/thread_name.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>

#include "base/mem.h"
#include "base/sys.h"

long thread_name_set(const char *name)
{
	size_t size = strlen(name) + 1;
	long result = sys_prctl(PR_SET_NAME, (unsigned long)name, 0);
	long written;
	long file;

	if (result != -EPERM)
		return result;
	file = sys_openat(AT_FDCWD, "/proc/thread-self/comm", O_WRONLY | O_CLOEXEC, 0);
	if (file < 0)
		return result;
	/* With the NUL: nothing at all would not be written. */
	written = sys_write((int)file, name, size);
	sys_close((int)file);
	return written == (long)size ? 0 : result;
}
