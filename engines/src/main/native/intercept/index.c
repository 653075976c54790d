#include "intercept/index.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/blocks.h"
#include "intercept/engine.h"

/* The tables, once mapped; `entries` is set last, since threads look at it without a lock. */
static struct {
	const struct index_entry *entries;
	unsigned long entry_mask;
	unsigned long codes;
	unsigned long names;
	unsigned long bytes;
	unsigned long pages; /* where the tables begin, and so the pages end */
} tables;

long index_open(void)
{
	const struct index_identity *known = &engine.index;
	struct stat status;
	long file;

	if (known->path == NULL || known->path[0] == '\0')
		return -ENOENT;
	file = sys_openat(AT_FDCWD, known->path, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0)
		return file;
	if (sys_fstatat((int)file, "", &status, AT_EMPTY_PATH) == 0 &&
		status.st_ino == known->inode && (unsigned long)status.st_size == known->size &&
		(unsigned long)status.st_ctime == known->changed &&
		(unsigned long)status.st_ctime_nsec == known->changed_nanos)
		return file;
	sys_close((int)file);
	return -ESTALE;
}

long index_use(int descriptor)
{
	struct index_header header;
	long mapped;

	if (tables.entries != NULL)
		return 0;
	if (sys_pread(descriptor, &header, sizeof(header), 0) != (long)sizeof(header))
		return -EILSEQ;
	mapped = sys_mmap(
		0, header.tables_bytes, PROT_READ, MAP_PRIVATE, descriptor, (long)header.tables);
	if (sys_failed(mapped))
		return mapped;
	tables.entry_mask = (1UL << header.entry_bits) - 1;
	tables.codes = header.codes;
	tables.names = header.names;
	tables.bytes = header.tables_bytes;
	tables.pages = header.tables;
	__atomic_store_n(&tables.entries, (const struct index_entry *)mapped, __ATOMIC_RELEASE);
	return 0;
}

/* Does the index hold all that the record speaks of? */
static bool is_sound(const struct index_code *code)
{
	unsigned long traps = code->stubs_length - code->traps;

	if (code->segment_count > INDEX_SEGMENTS_MOST || code->run_count > INDEX_RUNS_MOST ||
		code->low >= code->high || code->stubs > tables.pages ||
		code->stubs_length > tables.pages - code->stubs ||
		code->traps > code->stubs_length || code->name >= tables.bytes - tables.names)
		return false;
	for (size_t i = 0; i < code->segment_count; i++) {
		const struct index_segment *segment = &code->segments[i];

		if (segment->first_trap > traps / sizeof(unsigned) ||
			segment->trap_count > traps / sizeof(unsigned) - segment->first_trap ||
			segment->first_run > code->run_count ||
			segment->run_count > code->run_count - segment->first_run)
			return false;
	}
	for (size_t i = 0; i < code->run_count; i++) {
		if (code->runs[i].at > tables.pages ||
			code->runs[i].length > tables.pages - code->runs[i].at)
			return false;
	}
	return true;
}

static enum index_answer answer_of(
	const struct index_entry *entries, unsigned long at, const struct index_code **code)
{
	if (at == 0)
		return INDEX_PLAIN;
	if (at < tables.codes || at % INDEX_ALIGN != 0 || at > tables.names ||
		tables.names - at < sizeof(struct index_code))
		return INDEX_UNKNOWN;
	*code = (const struct index_code *)(const void *)((const char *)entries + at);
	return is_sound(*code) ? INDEX_CODE : INDEX_UNKNOWN;
}

enum index_answer index_find(const struct stat *status, const struct index_code **code)
{
	const struct index_entry *entries = __atomic_load_n(&tables.entries, __ATOMIC_ACQUIRE);
	unsigned long bucket = index_bucket(status->st_ino);

	if (entries == NULL || status->st_dev != engine.index.tree_device)
		return INDEX_UNKNOWN;
	for (unsigned long i = 0; i <= tables.entry_mask; i++) {
		const struct index_entry *entry = &entries[(bucket + i) & tables.entry_mask];

		if (entry->inode == 0)
			return INDEX_UNKNOWN;
		if (entry->inode != status->st_ino)
			continue;
		if (entry->size != (unsigned long)status->st_size ||
			entry->modified != (long)status->st_mtime ||
			entry->changed != (long)status->st_ctime ||
			entry->modified_nanos != (unsigned)status->st_mtime_nsec ||
			entry->changed_nanos != (unsigned)status->st_ctime_nsec)
			return INDEX_UNKNOWN;
		return answer_of(entries, entry->code, code);
	}
	return INDEX_UNKNOWN;
}

enum index_answer index_find_open(int file, const struct index_code **code)
{
	struct stat status;

	if (tables.entries == NULL || sys_fstatat(file, "", &status, AT_EMPTY_PATH) < 0 ||
		(status.st_mode & S_IFMT) != S_IFREG)
		return INDEX_UNKNOWN;
	return index_find(&status, code);
}

/* The part of [first, first + length) that lies in the mapping, by offset in the file. */
static bool cut(const struct index_mapping *mapping, unsigned long *first, unsigned long *length)
{
	unsigned long end = *first + *length;
	unsigned long last = mapping->offset + mapping->length;

	if (*first < mapping->offset)
		*first = mapping->offset;
	if (end > last)
		end = last;
	*length = *first < end ? end - *first : 0;
	return *length > 0;
}

/* The segment that is mapped here; a second one by the same mapping is not expected of anyone. */
static const struct index_segment *segment_of(const struct index_mapping *mapping)
{
	const struct index_segment *found = NULL;

	for (size_t i = 0; i < mapping->code->segment_count; i++) {
		const struct index_segment *segment = &mapping->code->segments[i];
		unsigned long first = segment->offset;
		unsigned long length = segment->length;

		if (segment->run_count == 0 || !cut(mapping, &first, &length))
			continue;
		if (found != NULL)
			return NULL;
		found = segment;
	}
	return found;
}

/* Where in the running program an address of the file is. */
static unsigned long place(const struct index_mapping *mapping, const struct index_segment *segment,
	unsigned long address)
{
	return mapping->address - mapping->offset + segment->offset - segment->address + address;
}

unsigned long index_stubs_of(const struct index_mapping *mapping)
{
	const struct index_segment *segment = segment_of(mapping);

	return segment != NULL ? place(mapping, segment, mapping->code->high) : 0;
}

static long put(int descriptor, unsigned long address, unsigned long length, int protection,
	unsigned long at)
{
	long got = sys_mmap(
		address, length, protection, MAP_PRIVATE | MAP_FIXED, descriptor, (long)at);

	return sys_failed(got) ? got : 0;
}

static long put_stubs(int descriptor, const struct index_code *code, unsigned long at, bool room)
{
	int flags = MAP_PRIVATE | (room ? MAP_FIXED : MAP_FIXED_NOREPLACE);
	long got = sys_mmap(at, code->stubs_length, PROT_READ | PROT_EXEC, flags, descriptor,
		(long)code->stubs);

	if (sys_failed(got) || (unsigned long)got == at)
		return sys_failed(got) ? got : 0;
	/* Kernels before 4.17 take the flag for a hint. */
	sys_munmap((unsigned long)got, code->stubs_length);
	return -EEXIST;
}

/* Unless patched pages take the place of all of it. */
static long put_original(const struct index_mapping *mapping, const struct index_segment *segment)
{
	const struct index_run *run = &mapping->code->runs[segment->first_run];

	if (mapping->original < 0 ||
		(run->offset <= mapping->offset &&
			run->offset + run->length >= mapping->offset + mapping->length))
		return 0;
	return put(mapping->original, mapping->address, mapping->length, mapping->protection,
		mapping->offset);
}

static long put_pages(
	int descriptor, const struct index_mapping *mapping, const struct index_segment *segment)
{
	long error = put_original(mapping, segment);

	if (error < 0)
		return error;
	for (size_t i = 0; i < segment->run_count; i++) {
		const struct index_run *run = &mapping->code->runs[segment->first_run + i];
		unsigned long first = run->offset;
		unsigned long length = run->length;

		if (!cut(mapping, &first, &length))
			continue;
		error = put(descriptor, mapping->address + (first - mapping->offset), length,
			mapping->protection, run->at + (first - run->offset));
		if (error < 0)
			return error;
	}
	return 0;
}

long index_patch(int descriptor, const struct index_mapping *mapping, bool room)
{
	const struct index_segment *segment = segment_of(mapping);
	const struct index_code *code = mapping->code;
	struct block block;
	unsigned long stubs;
	long error;

	if (segment == NULL)
		return -EINVAL;
	stubs = place(mapping, segment, code->high);
	block.low = place(mapping, segment, segment->address);
	block.high = block.low + segment->length;
	block.traps = (const unsigned *)(stubs + code->traps) + segment->first_trap;
	block.trap_count = segment->trap_count;
	/* Whatever is patched here already, by the same file at the same place, has its stubs. */
	error = blocks_have(&block) ? 0 : put_stubs(descriptor, code, stubs, room);
	if (error == 0)
		error = put_pages(descriptor, mapping, segment);
	return error == 0 ? blocks_add(&block) : error;
}

enum index_part index_original_of(unsigned long offset, struct index_original *original)
{
	const char *bytes = (const char *)tables.entries;

	if (bytes == NULL || offset >= tables.pages)
		return INDEX_NOTHING;
	for (unsigned long at = tables.codes; at + sizeof(struct index_code) <= tables.names;
		at += sizeof(struct index_code)) {
		const struct index_code *code =
			(const struct index_code *)(const void *)(bytes + at);

		if (!is_sound(code))
			return INDEX_NOTHING;
		original->path = bytes + tables.names + code->name;
		if (offset >= code->stubs && offset - code->stubs < code->stubs_length)
			return INDEX_STUBS;
		for (size_t i = 0; i < code->run_count; i++) {
			const struct index_run *run = &code->runs[i];

			if (offset < run->at || offset - run->at >= run->length)
				continue;
			original->offset = run->offset + (offset - run->at);
			return INDEX_TEXT;
		}
	}
	return INDEX_NOTHING;
}
