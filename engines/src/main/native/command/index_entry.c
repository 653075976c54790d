#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/builder.h"
#include "command/index_file.h"
#include "guest/elf.h"

/*
 * A file's entry says what it looked like, so that a change shows. That holds only if the file was
 * at rest: a clock that ticks every few milliseconds gives two changes shortly after another the
 * same time. So a file is read only when its last change is a tick ago at least.
 */

enum { TICK_NANOS = 20 * 1000 * 1000, NANOS = 1000 * 1000 * 1000 };

/* Nanoseconds until the file is at rest, 0 or less when it is; a time in seconds ticks slowly. */
static long until_rest(const struct stat *status)
{
	struct timespec now;
	long tick = status->st_ctime_nsec == 0 ? 2L * NANOS : TICK_NANOS;

	if (sys_clock_gettime(CLOCK_REALTIME_COARSE, &now) < 0)
		return tick;
	return ((long)status->st_ctime - now.tv_sec) * NANOS + (long)status->st_ctime_nsec + tick -
	       now.tv_nsec;
}

/* A change may lie in the future: whoever set that time may set it again. */
long builder_wait_for_rest(const struct stat *status)
{
	long left = until_rest(status);

	if (left > 3L * NANOS)
		return -EOPNOTSUPP;
	while (left > 0) {
		struct timespec wait = {.tv_sec = left / NANOS, .tv_nsec = left % NANOS};
		long error = sys_nanosleep(&wait);

		if (error < 0 && error != -EINTR)
			return error;
		left = until_rest(status);
	}
	return 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtime == b->st_mtime &&
	       a->st_mtime_nsec == b->st_mtime_nsec && a->st_ctime == b->st_ctime &&
	       a->st_ctime_nsec == b->st_ctime_nsec;
}

static void fill_entry(struct index_entry *entry, const struct stat *status)
{
	*entry = (struct index_entry){
		.inode = status->st_ino,
		.size = (unsigned long)status->st_size,
		.modified = (long)status->st_mtime,
		.changed = (long)status->st_ctime,
		.modified_nanos = (unsigned)status->st_mtime_nsec,
		.changed_nanos = (unsigned)status->st_ctime_nsec,
	};
}

/* -EOPNOTSUPP when the tables are full. */
static long keep_code(struct builder *builder, const struct index_code *code)
{
	struct index_code *kept = &builder->codes[builder->code_count];

	if (builder->code_count == BUILDER_CODES_MOST)
		return -EOPNOTSUPP;
	*kept = *code;
	kept->name = (unsigned)builder->names.length;
	builder->code_count++;
	return 0;
}

static long add_program(struct builder *builder, int file, const struct stat *status,
	const struct elf_head *head, const char *name)
{
	static struct index_code code;

	struct index_entry *entry = builder_entry(builder, status->st_ino);
	struct stat after;
	long result;

	if (entry != NULL && entry->inode != 0)
		return 0;
	if (entry == NULL || builder->names.length + strlen(name) + 1 > BUILDER_NAME_BYTES)
		return -EOPNOTSUPP;
	result = builder_wait_for_rest(status);
	if (result == 0)
		result = index_file_patch(
			builder, file, (unsigned long)status->st_size, head, &code);
	if (result >= 0 &&
		(sys_fstatat(file, "", &after, AT_EMPTY_PATH) < 0 || !same(status, &after)))
		result = -EOPNOTSUPP;
	if (result > 0)
		result = keep_code(builder, &code) == 0 ? 1 : -EOPNOTSUPP;
	if (result < 0)
		return result;
	fill_entry(entry, status);
	entry->code = result > 0 ? builder->code_count : 0;
	entry->name = (unsigned)builder->names.length;
	text_add_bytes(&builder->names, name, strlen(name) + 1);
	builder->files++;
	return 0;
}

long builder_add_file(struct builder *builder, int file, const char *name)
{
	static struct elf_head head;

	struct stat status;
	long error;

	if (sys_fstatat(file, "", &status, AT_EMPTY_PATH) < 0 ||
		(status.st_mode & S_IFMT) != S_IFREG || status.st_dev != builder->device ||
		elf_read_head(file, &head) < 0)
		return 0;
	error = add_program(builder, file, &status, &head, name);
	/* What does not fit the index is not wrong; what cannot be written is. */
	if (error == -EOPNOTSUPP || error == -ENOMEM)
		builder->left_out++;
	return error == -EOPNOTSUPP || error == -ENOMEM ? 0 : error;
}
