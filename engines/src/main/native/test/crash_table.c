#define _GNU_SOURCE

#include "intercept/crash.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/report.h"
#include "base/sys.h"
#include "check.h"

/*
 * What a crash report says, of the memory of this very process. The system calls that it needs go
 * to libc here; what it reports is kept.
 */

static char lines[4][1024];
static int count;

const char engine_begin[1];

void report(const char *message)
{
	snprintf(lines[count++ % 4], sizeof(lines[0]), "%s", message);
}

long sys_openat(int directory, const char *path, int flags, unsigned mode)
{
	return openat(directory, path, flags, mode);
}

/* A few bytes at a time, so that lines lie across what is read. */
static size_t most;

long sys_read(int descriptor, void *buffer, size_t size)
{
	return read(descriptor, buffer, size < most ? size : most);
}

long sys_close(int descriptor)
{
	return close(descriptor);
}

static bool has(const char *line, const char *part)
{
	return strstr(line, part) != NULL;
}

static void check_report_of(unsigned long address, const char *mapping)
{
	struct slot *slot = calloc(1, sizeof(*slot));
	struct crash crash = {11, 0x7c001234, address};

	slot->number = 257;
	slot->resume = address + 1;
	count = 0;
	crash_report(slot, &crash);
	check_number("lines", 3, count);
	check_number("signal and place", 1, has(lines[0], "signal 11 at 0x7c001234"));
	check_number("call", 1, has(lines[0], "system call 257 of the guest at 0x"));
	check_number("mapping of the address", 1, has(lines[1], mapping));
	check_number("mapping of the guest's code", 1, has(lines[2], mapping));
	crash_report(NULL, &crash);
	check_number("lines without a call", 5, count);
	check_number("no call", 0, has(lines[3], "system call"));
	free(slot);
}

int main(void)
{
	static const size_t sizes[] = {1, 7, 100, 4096};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		most = sizes[i];
		check_report_of((unsigned long)&main, "crash_table");
		check_report_of((unsigned long)&count & ~1UL, "rw-p");
		check_report_of(16, "no mapping");
	}
	return check_report("crash_table");
}
