#include "intercept/ring.h"

#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/io_uring.h>
#include <linux/mman.h>
#include <linux/stat.h>

#include "base/sys.h"

/* They have an offset of their own, and a file like no other: neither a regular one nor anything
 * else. */
bool ring_is_mapped(const struct slot *slot)
{
	struct stat status;

	return slot->argument[5] == IORING_OFF_SQES && (slot->argument[3] & MAP_ANONYMOUS) == 0 &&
	       sys_fstatat((int)slot->argument[4], "", &status, AT_EMPTY_PATH) == 0 &&
	       (status.st_mode & S_IFMT) == 0;
}
