#include "command/builder.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/index.h"
#include "machine.h"

static long write_all(int file, const void *bytes, unsigned long length, unsigned long at)
{
	const char *from = bytes;

	while (length > 0) {
		long written = sys_pwrite(file, from, length, (long)at);

		if (written <= 0)
			return written < 0 ? written : -EIO;
		from += written;
		at += (unsigned long)written;
		length -= (unsigned long)written;
	}
	return 0;
}

long builder_append(struct builder *builder, const void *bytes, unsigned long length)
{
	long error = write_all(builder->file, bytes, length, builder->at);

	if (error == 0)
		builder->at += (length + MACHINE_PAGE - 1) & ~(unsigned long)(MACHINE_PAGE - 1);
	return error;
}

struct index_entry *builder_entry(const struct builder *builder, unsigned long inode)
{
	unsigned long mask = (1UL << BUILDER_ENTRY_BITS) - 1;
	unsigned long bucket = index_bucket(inode);

	for (unsigned long i = 0; i <= mask; i++) {
		struct index_entry *entry = &builder->entries[(bucket + i) & mask];

		if (entry->inode == inode)
			return entry;
		if (entry->inode == 0)
			return builder->files < BUILDER_FILES_MOST ? entry : NULL;
	}
	return NULL;
}

static unsigned entry_bits(unsigned files)
{
	unsigned bits = 1;

	while (1U << bits < 2 * files)
		bits++;
	return bits;
}

/* Where two meet the lower number goes first, so the table is the same in whatever order they come.
 */
static void put_entry(
	const struct index_header *header, struct index_entry *entries, struct index_entry entry)
{
	unsigned long mask = (1UL << header->entry_bits) - 1;
	unsigned long at = index_bucket(entry.inode) & mask;

	for (; entries[at].inode != 0; at = (at + 1) & mask) {
		struct index_entry other = entries[at];

		if (other.inode < entry.inode)
			continue;
		entries[at] = entry;
		entry = other;
	}
	entries[at] = entry;
}

static void fill_entries(const struct builder *builder, const struct index_header *header, char *to)
{
	struct index_entry *entries = (struct index_entry *)(void *)to;

	for (unsigned long i = 0; i < 1UL << BUILDER_ENTRY_BITS; i++) {
		struct index_entry entry = builder->entries[i];

		if (entry.inode == 0)
			continue;
		if (entry.code != 0)
			entry.code = (unsigned)(header->codes +
						(entry.code - 1) * sizeof(*builder->codes));
		if (header->tree == 0) {
			entry.inode = entry.name + 1UL;
			entry.changed = 0;
			entry.changed_nanos = 0;
		}
		put_entry(header, entries, entry);
	}
}

static long write_header(const struct builder *builder, struct index_header *header)
{
	header->header_sum = index_sum(header, offsetof(struct index_header, header_sum));
	return write_all(builder->file, header, sizeof(*header), 0);
}

long builder_finish(struct builder *builder)
{
	unsigned long codes = builder->code_count * sizeof(struct index_code);
	struct index_header header = {
		.magic = INDEX_MAGIC,
		.version = INDEX_VERSION,
		.entry_bits = entry_bits(builder->files),
		.files = builder->files,
		.tree = builder->tree,
		.tables = builder->at,
	};
	long error = index_read_build(header.build);
	long mapped;
	char *tables;

	header.codes = sizeof(struct index_entry) << header.entry_bits;
	header.names = header.codes + codes;
	header.tables_bytes = header.names + builder->names.length + 1;
	header.file_bytes = header.tables + header.tables_bytes;
	if (error < 0)
		return error;
	mapped = sys_mmap(
		0, header.tables_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sys_failed(mapped))
		return mapped;
	tables = (char *)mapped;
	fill_entries(builder, &header, tables);
	memcpy(tables + header.codes, builder->codes, codes);
	memcpy(tables + header.names, builder->names.at, builder->names.length);
	header.tables_sum = index_sum(tables, header.tables_bytes);
	error = write_all(builder->file, tables, header.tables_bytes, header.tables);
	sys_munmap((unsigned long)mapped, header.tables_bytes);
	return error == 0 ? write_header(builder, &header) : error;
}
