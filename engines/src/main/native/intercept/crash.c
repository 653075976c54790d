#include "intercept/crash.h"

#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"

enum { WINDOW_BYTES = 2048, LINE_BYTES = 512 };

extern const char engine_begin[];
extern const char etext[];

bool crash_is_own(unsigned long pc)
{
	return pc >= (unsigned long)engine_begin && pc < (unsigned long)etext;
}

/* Reads a hexadecimal number and steps over the character behind it. */
static unsigned long take_hex(const char **at, const char *end)
{
	unsigned long number = 0;

	for (; *at < end; ++*at) {
		char digit = **at;

		if (digit >= '0' && digit <= '9')
			number = number << 4 | (unsigned long)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			number = number << 4 | (unsigned long)(digit - 'a' + 10);
		else
			break;
	}
	*at += *at < end ? 1 : 0;
	return number;
}

/* "LOW-HIGH rest of the line" of /proc/self/maps: is the address in it? */
static bool covers(const char *line, size_t length, unsigned long address)
{
	const char *at = line;
	unsigned long low = take_hex(&at, line + length);
	unsigned long high = take_hex(&at, line + length);

	return address >= low && address < high;
}

/* The first line of those in `window` that has ended and covers the address; NULL. */
static const char *find_line(
	const char *window, size_t *used, size_t length, unsigned long address, size_t *line_length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		if (window[i] != '\n')
			continue;
		if (covers(window + start, i - start, address)) {
			*line_length = i - start;
			return window + start;
		}
		start = i + 1;
	}
	*used = start;
	return NULL;
}

/* What the kernel says of the memory at this address, in its own words. */
static void add_mapping(struct text *text, unsigned long address)
{
	char window[WINDOW_BYTES];
	size_t length = 0;
	long file = sys_openat(AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);

	while (file >= 0) {
		size_t used = 0;
		size_t line_length;
		const char *line;
		long got = sys_read((int)file, window + length, sizeof(window) - length);

		if (got <= 0)
			break;
		length += (size_t)got;
		line = find_line(window, &used, length, address, &line_length);
		if (line != NULL) {
			text_add_bytes(text, line, line_length);
			sys_close((int)file);
			return;
		}
		/* A line longer than the window is a path that nobody needs to the end. */
		if (used == 0 && length == sizeof(window))
			used = length;
		memmove(window, window + used, length - used);
		length -= used;
	}
	if (file >= 0)
		sys_close((int)file);
	text_add(text, file >= 0 ? "no mapping" : "unknown, /proc/self/maps cannot be read");
}

static void report_place(const char *what, unsigned long address)
{
	char line[LINE_BYTES];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, what);
	text_add_hex(&text, address);
	text_add(&text, " in: ");
	add_mapping(&text, address);
	report(text.at);
}

void crash_report(const struct slot *slot, const struct crash *crash)
{
	char line[LINE_BYTES];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "the engine itself failed: signal ");
	text_add_number(&text, crash->signal);
	text_add(&text, " at ");
	text_add_hex(&text, crash->pc);
	text_add(&text, ", address ");
	text_add_hex(&text, crash->address);
	if (slot != NULL) {
		text_add(&text, ", system call ");
		text_add_number(&text, (long)slot->number);
		text_add(&text, " of the guest at ");
		text_add_hex(&text, slot->resume);
	}
	report(text.at);
	report_place("the address ", crash->address);
	if (slot != NULL)
		report_place("the guest's code ", slot->resume);
}
