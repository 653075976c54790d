#include <linux/errno.h>
#include <linux/fcntl.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/lines.h"
#include "guest/peer.h"
#include "guest/proc.h"
#include "guest/served.h"
#include "intercept/engine.h"
#include "intercept/index.h"
#include "intercept/own.h"

/*
 * Lists of mappings (proc(5)): without what is the engine's, and with files named as the guest
 * knows them. A mapping that the kernel has joined with one of ours is shown without that part.
 */

enum { RANGES_MOST = sizeof(((struct slot *)0)->exec) / sizeof(struct own_range) };

struct listing {
	struct served *served;
	const struct own_range *ranges;
	size_t count;
	struct own_range work; /* the memory that the list itself is written in */
};

/* Ours are at hand; those of another process are copied, and shown where they cannot be. */
static void find_ranges(struct listing *listing, struct served *served)
{
	size_t size;
	size_t count = 0;

	*listing = (struct listing){.served = served, .ranges = own_table.ranges};
	listing->work.low = (unsigned long)served->out.at;
	listing->work.high = listing->work.low + served->out.capacity;
	if (!peer_is_guest(served->process) ||
		peer_read(served->process, &own_table.count, &count, sizeof(count)) < 0)
		count = 0;
	listing->count = count < OWN_RANGES_MOST ? count : OWN_RANGES_MOST;
	if (peer_is_own(served->process) || listing->count == 0)
		return;
	if (listing->count > RANGES_MOST)
		listing->count = RANGES_MOST;
	size = listing->count * sizeof(struct own_range);
	listing->ranges = (const struct own_range *)(void *)&served->slot->exec;
	if (peer_read(served->process, own_table.ranges, &served->slot->exec, size) < 0)
		listing->count = 0;
}

static size_t read_hex(const char *text, unsigned long *number)
{
	size_t at = 0;

	*number = 0;
	for (;; at++) {
		char digit = text[at];

		if (digit >= '0' && digit <= '9')
			*number = *number << 4 | (unsigned long)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			*number = *number << 4 | (unsigned long)(digit - 'a' + 10);
		else
			return at;
	}
}

static void add_hex(struct text *out, unsigned long number, size_t digits_least)
{
	char digits[16];
	size_t at = sizeof(digits);

	while (number != 0 || at > sizeof(digits) - digits_least) {
		digits[--at] = "0123456789abcdef"[number % 16];
		number /= 16;
	}
	text_add_bytes(out, digits + at, sizeof(digits) - at);
}

/* As the kernel writes addresses. */
static void add_address(struct text *out, unsigned long address)
{
	add_hex(out, address, 8);
}

/* Adds a file's path with what the kernel says behind it. */
static void add_path(struct served *served, const char *path, size_t length)
{
	static const char deleted[] = " (deleted)";
	size_t tail = sizeof(deleted) - 1;
	struct text guest = text_in(served->slot->first_host, sizeof(served->slot->first_host));
	size_t name = length;

	if (length > tail && memcmp(path + length - tail, deleted, tail) == 0)
		name = length - tail;
	if (view_to_guest(&engine.view, path, name, &guest) < 0) {
		text_add_bytes(&served->out, path, length);
		return;
	}
	text_add_bytes(&served->out, guest.at, guest.length);
	text_add_bytes(&served->out, path + name, length - name);
}

/* What comes behind the addresses: "rw-p 00000000 fe:00 123   /path". */
static void add_rest(struct served *served, const char *rest, size_t length)
{
	size_t at = 0;

	while (at < length && rest[at] != '/' && rest[at] != '[')
		at++;
	/* The device and the offset hold no slash. */
	text_add_bytes(&served->out, rest, at);
	if (at < length && rest[at] == '/')
		add_path(served, rest + at, length - at);
	else
		text_add_bytes(&served->out, rest + at, length - at);
	text_add(&served->out, "\n");
}

/* What a line tells: "LOW-HIGH rwxp OFFSET DEVICE INODE   /path". */
struct mapping {
	struct own_range range;
	const char *rest; /* behind the addresses, with the blank before it */
	size_t rest_length;
	unsigned long offset;
	unsigned long inode;
};

static const char *next_field(const char *at)
{
	while (*at != ' ' && *at != '\0')
		at++;
	while (*at == ' ')
		at++;
	return at;
}

static void read_mapping(const char *line, size_t length, struct mapping *mapping)
{
	const char *at = line + read_hex(line, &mapping->range.low) + 1;

	at += read_hex(at, &mapping->range.high);
	mapping->rest = at;
	mapping->rest_length = length - (size_t)(at - line);
	at = next_field(next_field(at));
	read_hex(at, &mapping->offset);
	at = next_field(next_field(at));
	mapping->inode = 0;
	text_read_number(at, &mapping->inode);
}

/* A file is named at a fixed column, for people to read (fs/proc/task_mmu.c). */
enum { NAME_COLUMN = 73 };

/* Code that was patched ahead stands for a page of another file: that one is shown (mode F3). */
static void add_original(
	struct served *served, const struct mapping *mapping, const struct index_original *original)
{
	struct text *out = &served->out;
	size_t start = out->length;
	struct text host = text_in(served->slot->first_host, sizeof(served->slot->first_host));
	struct stat status = {.st_ino = 0};

	view_to_host(&engine.view, original->path, strlen(original->path), &host);
	/* A file that is gone is shown without its number. */
	(void)sys_fstatat(AT_FDCWD, host.at, &status, AT_SYMLINK_NOFOLLOW);
	add_address(out, mapping->range.low);
	text_add(out, "-");
	add_address(out, mapping->range.high);
	text_add_bytes(out, mapping->rest, strlen(" rwxp "));
	add_hex(out, original->offset, 8);
	text_add(out, " ");
	add_hex(out, status.st_dev >> 8 & 0xfff, 2);
	text_add(out, ":");
	add_hex(out, (status.st_dev & 0xff) | (status.st_dev >> 12 & ~0xffUL), 2);
	text_add(out, " ");
	text_add_number(out, (long)status.st_ino);
	do {
		text_add(out, " ");
	} while (out->length - start < NAME_COLUMN && !out->overflow);
	text_add(out, original->path);
	text_add(out, "\n");
}

static bool is_index(const struct mapping *mapping)
{
	return engine.index.path[0] != '\0' && mapping->inode == engine.index.inode;
}

/* One line. False when nothing of it is the guest's. */
static bool add_mapping(struct listing *listing, const char *line, size_t length)
{
	struct served *served = listing->served;
	struct mapping mapping;
	struct index_original original;
	struct own_range part;
	bool any = false;

	read_mapping(line, length, &mapping);
	if (mapping.range.low == listing->work.low && mapping.range.high == listing->work.high &&
		peer_is_own(served->process))
		return false;
	if (is_index(&mapping)) {
		if (index_original_of(mapping.offset, &original) != INDEX_TEXT)
			return false;
		add_original(served, &mapping, &original);
		return true;
	}
	while (own_leaves(listing->ranges, listing->count, &mapping.range, &part)) {
		add_address(&served->out, part.low);
		text_add(&served->out, "-");
		add_address(&served->out, part.high);
		add_rest(served, mapping.rest, mapping.rest_length);
		mapping.range.low = part.high;
		any = true;
	}
	return any;
}

/* In smaps lines about a mapping follow its own, and begin with a capital letter. */
static bool begins_mapping(const char *line)
{
	return (line[0] >= '0' && line[0] <= '9') || (line[0] >= 'a' && line[0] <= 'f');
}

long maps_produce(struct served *served)
{
	struct lines lines =
		lines_of(served->source, served->slot->bytes, sizeof(served->slot->bytes));
	struct listing listing;
	bool shown = false;
	char *line;
	size_t length;
	long more;

	find_ranges(&listing, served);
	for (more = lines_next(&lines, &line, &length); more > 0;
		more = lines_next(&lines, &line, &length)) {
		if (begins_mapping(line)) {
			shown = add_mapping(&listing, line, length);
		} else if (shown) {
			text_add_bytes(&served->out, line, length);
			text_add(&served->out, "\n");
		}
	}
	return more;
}

/* "7f0012340000 default file=/path mapped=1 ...": addresses of starts only. */
static void add_numa(struct listing *listing, const char *line, size_t length)
{
	static const char mark[] = " file=";
	struct served *served = listing->served;
	struct own_range range;
	struct own_range part;
	size_t start = 0;
	size_t end;

	read_hex(line, &range.low);
	range.high = range.low + 1;
	if (range.low == listing->work.low && peer_is_own(served->process))
		return;
	if (!own_leaves(listing->ranges, listing->count, &range, &part))
		return;
	while (start < length && !text_starts(line + start, mark))
		start++;
	start = start < length ? start + strlen(mark) : length;
	end = start;
	while (end < length && line[end] != ' ')
		end++;
	/* Which page of the index it is cannot be told from here. */
	if (strlen(engine.index.path) == end - start && end > start &&
		memcmp(line + start, engine.index.path, end - start) == 0)
		return;
	text_add_bytes(&served->out, line, start);
	if (end > start)
		add_path(served, line + start, end - start);
	text_add_bytes(&served->out, line + end, length - end);
	text_add(&served->out, "\n");
}

long maps_produce_numa(struct served *served)
{
	struct lines lines =
		lines_of(served->source, served->slot->bytes, sizeof(served->slot->bytes));
	struct listing listing;
	char *line;
	size_t length;
	long more;

	find_ranges(&listing, served);
	for (more = lines_next(&lines, &line, &length); more > 0;
		more = lines_next(&lines, &line, &length))
		add_numa(&listing, line, length);
	return more;
}
