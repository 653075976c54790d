#include "calls.h"

#include <linux/errno.h>

#include "compat.h"
#include "machine.h"
#include "rules/numbers.h"

#define PASS(number, name) [number] = {COMPAT_PASS, 0, 0, 0},
#define RANGE(number, name) [number] = {COMPAT_RANGE, 0, 0, compat_range},
#define SAME(number, name, twin) [number] = {COMPAT_SAME, __NR_##twin, 0, 0},
#define NARROW(number, name, twin) [number] = {COMPAT_NARROW, __NR_##twin, 0, 0},
#define CALL(number, name, function) [number] = {COMPAT_CALL, 0, 0, function},
#define REFUSE(number, name, code) [number] = {COMPAT_REFUSE, 0, code, 0},

static const struct compat_row rows[COMPAT_CALLS] = {
#include "calls.def"
};

#undef PASS
#undef RANGE
#undef SAME
#undef NARROW
#undef CALL
#undef REFUSE

#define PASS(number, name) [number] = 1,
#define RANGE(number, name)
#define SAME(number, name, twin)
#define NARROW(number, name, twin)
#define CALL(number, name, function)
#define REFUSE(number, name, code)

const unsigned char compat_passing[COMPAT_CALLS] = {
#include "calls.def"
};

#undef PASS
#undef RANGE
#define PASS(number, name)
#define RANGE(number, name) number,

const unsigned short compat_ranged[] = {
#include "calls.def"
};

const size_t compat_ranged_count = sizeof(compat_ranged) / sizeof(compat_ranged[0]);

static const struct compat_row unknown = {COMPAT_REFUSE, 0, ENOSYS, 0};

extern const char engine_begin[];
extern const char _end[];

const struct compat_row *compat_row_of(unsigned long number)
{
	const struct compat_row *row = number < COMPAT_CALLS ? &rows[number] : &unknown;

	/* A row that nobody wrote is all zero, and no row refuses with success. */
	return row->kind == COMPAT_REFUSE && row->error == 0 ? &unknown : row;
}

bool compat_is_engine(unsigned long address, unsigned long length)
{
	unsigned long page = MACHINE_PAGE - 1;
	unsigned long end = ((unsigned long)_end + page) & ~page;

	return address < end && (address >= (unsigned long)engine_begin ||
					length > (unsigned long)engine_begin - address);
}

bool compat_passes(unsigned long number, unsigned long first, unsigned long second)
{
	const struct compat_row *row = compat_row_of(number);

	return row->kind == COMPAT_PASS ||
	       (row->kind == COMPAT_RANGE && !compat_is_engine(first, second));
}
