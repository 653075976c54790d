#include "guest/devices.h"

#include <linux/errno.h>

#include "base/mem.h"

struct device_link {
	char name[8];
	char target[16]; /* the longest is fifteen bytes and its NUL */
};

static const struct device_link links[] = {
	{"fd", "/proc/self/fd"},
	{"stdin", "/proc/self/fd/0"},
	{"stdout", "/proc/self/fd/1"},
	{"stderr", "/proc/self/fd/2"},
};

long devices_missing_link(const char *guest, struct text *target)
{
	const char *name = guest + strlen("/dev/");

	if (!text_starts(guest, "/dev/"))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (strcmp(links[i].name, name) != 0)
			continue;
		text_clear(target);
		text_add(target, links[i].target);
		return (long)target->length;
	}
	return -EINVAL;
}
