#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/index.h"
#include "machine.h"

/* What is looked at once for each run, before anyone relies on an index. */

enum { ENTRY_BITS_MOST = 24 };

unsigned long index_sum(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	unsigned long sum = 0x9e3779b97f4a7c15UL ^ length;

	for (; length >= 8; at += 8, length -= 8) {
		unsigned long word;

		memcpy(&word, at, sizeof(word));
		sum = (sum ^ word) * 0xff51afd7ed558ccdUL;
		sum ^= sum >> 32;
	}
	for (; length > 0; at++, length--)
		sum = (sum ^ *at) * 0x100000001b3UL;
	return sum ^ sum >> 29;
}

unsigned long index_bucket(unsigned long inode)
{
	return inode * 0x9e3779b97f4a7c15UL >> 32;
}

static bool is_sound(const struct index_header *header, unsigned long file_bytes)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	unsigned long entries = sizeof(struct index_entry) << header->entry_bits;

	return memcmp(header->magic, INDEX_MAGIC, sizeof(header->magic)) == 0 &&
	       header->version == INDEX_VERSION && header->entry_bits <= ENTRY_BITS_MOST &&
	       header->header_sum == index_sum(header, offsetof(struct index_header, header_sum)) &&
	       header->file_bytes == file_bytes && (header->tables & page) == 0 &&
	       header->tables <= file_bytes &&
	       header->tables_bytes == file_bytes - header->tables && entries <= header->codes &&
	       header->codes <= header->names && header->names < header->tables_bytes &&
	       header->files <= 1UL << header->entry_bits >> 1;
}

static long map_tables(int file, const struct index_header *header, const char **tables)
{
	long mapped = sys_mmap(
		0, header->tables_bytes, PROT_READ, MAP_PRIVATE, file, (long)header->tables);
	const char *bytes = (const char *)mapped;

	if (sys_failed(mapped))
		return mapped;
	if (index_sum(bytes, header->tables_bytes) == header->tables_sum &&
		bytes[header->tables_bytes - 1] == '\0') {
		*tables = bytes;
		return 0;
	}
	sys_munmap((unsigned long)mapped, header->tables_bytes);
	return -EILSEQ;
}

long index_read(int file, struct index_header *header, const char **tables)
{
	unsigned char build[INDEX_BUILD_BYTES];
	struct stat status;
	long error = sys_fstatat(file, "", &status, AT_EMPTY_PATH);

	if (error < 0)
		return error;
	if (sys_pread(file, header, sizeof(*header), 0) != (long)sizeof(*header) ||
		!is_sound(header, (unsigned long)status.st_size))
		return -EILSEQ;
	error = index_read_build(build);
	if (error < 0)
		return error;
	if (memcmp(build, header->build, sizeof(build)) != 0)
		return -ESTALE;
	return map_tables(file, header, tables);
}

static long check_file(int file, struct index_identity *identity)
{
	struct index_header header;
	struct stat status;
	const char *tables;
	long error = sys_fstatat(file, "", &status, AT_EMPTY_PATH);

	if (error == 0)
		error = index_read(file, &header, &tables);
	if (error < 0)
		return error;
	sys_munmap((unsigned long)tables, header.tables_bytes);
	identity->tree = header.tree;
	identity->inode = status.st_ino;
	identity->size = (unsigned long)status.st_size;
	identity->changed = (unsigned long)status.st_ctime;
	identity->changed_nanos = (unsigned long)status.st_ctime_nsec;
	return 0;
}

long index_check(const char *path, struct index_identity *identity)
{
	long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long error;

	if (file < 0)
		return file;
	error = check_file((int)file, identity);
	sys_close((int)file);
	return error;
}
