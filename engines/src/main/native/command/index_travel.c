#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/builder.h"
#include "intercept/index.h"
#include "machine.h"

/*
 * An index that was made where a tree was packed, put to use where it was unpacked. The files are
 * not read again: one that has its name, its size and the time of its last change is taken for the
 * same. Who packed the tree packed the index, so it can be believed as much as the tree can.
 */

enum { PIECE_BYTES = 1 << 16 };

struct travelled {
	struct index_header header;
	const char *tables;
	int file;
};

/* The pages come to lie where they lay, so that records of code hold as they are. */
static long copy_pages(struct builder *builder, const struct travelled *from)
{
	static char piece[PIECE_BYTES];

	while (builder->at < from->header.tables) {
		unsigned long left = from->header.tables - builder->at;
		unsigned long wanted = left < sizeof(piece) ? left : sizeof(piece);
		long length = sys_pread(from->file, piece, wanted, (long)builder->at);
		long error = length < 0 ? length : 0;

		if (error == 0 && (unsigned long)length < wanted)
			error = -EILSEQ;
		if (error == 0)
			error = builder_append(builder, piece, wanted);
		if (error < 0)
			return error;
	}
	return 0;
}

static long copy_records(struct builder *builder, const struct travelled *from)
{
	const struct index_header *header = &from->header;
	unsigned long count = (header->names - header->codes) / sizeof(struct index_code);
	unsigned long names = header->tables_bytes - header->names - 1;

	if (count > BUILDER_CODES_MOST || names > BUILDER_NAME_BYTES)
		return -EILSEQ;
	memcpy(builder->codes, from->tables + header->codes, count * sizeof(struct index_code));
	builder->code_count = (unsigned)count;
	text_add_bytes(&builder->names, from->tables + header->names, names);
	return 0;
}

static bool is_same(const struct index_entry *entry, const struct stat *status)
{
	return (status->st_mode & S_IFMT) == S_IFREG &&
	       entry->size == (unsigned long)status->st_size &&
	       entry->modified == (long)status->st_mtime &&
	       entry->modified_nanos == (unsigned)status->st_mtime_nsec;
}

/* What the entry says, of the file as it is here; false when that is another one. */
static bool adopt_entry(struct builder *builder, int directory, const struct travelled *from,
	const struct index_entry *entry)
{
	const struct index_header *header = &from->header;
	const char *name = from->tables + header->names + entry->name + 1;
	struct index_entry *kept;
	struct stat status;

	if (entry->name + 1UL >= header->tables_bytes - header->names ||
		(entry->code != 0 && entry->code < header->codes) ||
		sys_fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		status.st_dev != builder->device || !is_same(entry, &status) ||
		builder_wait_for_rest(&status) < 0)
		return false;
	kept = builder_entry(builder, status.st_ino);
	if (kept == NULL || kept->inode != 0)
		return kept != NULL;
	*kept = *entry;
	kept->inode = status.st_ino;
	kept->changed = (long)status.st_ctime;
	kept->changed_nanos = (unsigned)status.st_ctime_nsec;
	if (entry->code != 0)
		kept->code =
			(unsigned)((entry->code - header->codes) / sizeof(struct index_code)) + 1;
	builder->files++;
	return true;
}

static long adopt_all(struct builder *builder, int directory, const struct travelled *from)
{
	const struct index_entry *entries = (const struct index_entry *)(const void *)from->tables;
	long error = copy_pages(builder, from);

	if (error == 0)
		error = copy_records(builder, from);
	for (unsigned long i = 0; error == 0 && i < 1UL << from->header.entry_bits; i++) {
		if (entries[i].inode != 0 && !adopt_entry(builder, directory, from, &entries[i]))
			builder->left_out++;
	}
	/* Somebody's own changes are few. */
	return error == 0 && builder->left_out > builder->files ? -EXDEV : error;
}

long builder_adopt(struct builder *builder, int directory, const char *path)
{
	static struct travelled from;

	long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long error;

	if (file < 0)
		return file;
	from.file = (int)file;
	error = index_read(from.file, &from.header, &from.tables);
	if (error == 0) {
		error = from.header.tree == 0 ? adopt_all(builder, directory, &from) : -EXDEV;
		sys_munmap((unsigned long)from.tables, from.header.tables_bytes);
	}
	sys_close(from.file);
	return error;
}
