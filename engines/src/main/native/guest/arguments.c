#include "guest/arguments.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/sys.h"
#include "compat.h"
#include "intercept/guarded.h"

static size_t pointer_bytes(void)
{
	return compat_on ? sizeof(unsigned) : sizeof(char *);
}

unsigned long arguments_behind(unsigned long array, size_t count)
{
	return array + count * pointer_bytes();
}

long arguments_count(unsigned long array)
{
	unsigned long pointer = 0;
	long count = 0;

	if (array == 0)
		return 0;
	for (;;) {
		if (guarded_copy(&pointer, (const void *)arguments_behind(array, (size_t)count),
			    pointer_bytes()) < 0)
			return -EFAULT;
		if (pointer == 0)
			return count;
		count++;
	}
}

long arguments_copy(char **to, unsigned long array, size_t count)
{
	unsigned *narrow = (unsigned *)(void *)to;

	if (guarded_copy(to, (const void *)array, count * pointer_bytes()) < 0)
		return -EFAULT;
	/* From the last, which lies where no other has come from. */
	for (size_t i = compat_on ? count : 0; i > 0; i--)
		to[i - 1] = (char *)(unsigned long)narrow[i - 1];
	return 0;
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
