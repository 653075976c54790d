#include "guest/arguments.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/sys.h"
#include "intercept/guarded.h"

long arguments_count(unsigned long array)
{
	unsigned long pointer = 1;
	long count = 0;

	if (array == 0)
		return 0;
	for (;;) {
		if (guarded_copy(&pointer, (const void *)(array + (size_t)count * sizeof(pointer)),
			    sizeof(pointer)) < 0)
			return -EFAULT;
		if (pointer == 0)
			return count;
		count++;
	}
}

char **arguments_room(struct slot *slot, size_t pointers)
{
	size_t size = pointers * sizeof(char *);
	long mapped;

	if (size <= sizeof(slot->bytes))
		return (char **)(void *)slot->bytes;
	mapped = sys_mmap(0, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sys_failed(mapped))
		return NULL;
	slot->exec_memory = (unsigned long)mapped;
	slot->exec_memory_size = size;
	return (char **)mapped;
}
