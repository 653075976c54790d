#include "intercept/own.h"

#include "intercept/slot.h"
#include "machine.h"

struct own_table own_table;

extern const char engine_begin[];
extern const char _end[];

void own_add(unsigned long low, unsigned long high)
{
	size_t index = __atomic_fetch_add(&own_table.count, 1, __ATOMIC_ACQ_REL);

	if (index < OWN_RANGES_MOST)
		own_table.ranges[index] = (struct own_range){.low = low, .high = high};
}

struct own_range own_image(void)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;

	return (struct own_range){
		.low = (unsigned long)engine_begin,
		.high = ((unsigned long)_end + page) & ~page,
	};
}

/* Moves `at` behind a range that holds it; true when there was one. */
static bool step_over(unsigned long *at, const struct own_range *range)
{
	if (*at < range->low || *at >= range->high)
		return false;
	*at = range->high;
	return true;
}

bool own_leaves(const struct own_range *ranges, size_t count, const struct own_range *range,
	struct own_range *part)
{
	struct own_range image = own_image();
	bool moved = true;

	*part = *range;
	while (moved && part->low < range->high) {
		moved = step_over(&part->low, &image);
		for (size_t i = 0; i < count && !moved; i++)
			moved = step_over(&part->low, &ranges[i]);
	}
	if (part->low >= range->high)
		return false;
	if (image.low > part->low && image.low < part->high)
		part->high = image.low;
	for (size_t i = 0; i < count; i++) {
		if (ranges[i].low > part->low && ranges[i].low < part->high)
			part->high = ranges[i].low;
	}
	return true;
}
