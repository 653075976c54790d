#include "overlay/listing.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "overlay/inodes.h"
#include "overlay/upper.h"
#include "path/layers.h"
#include "rules/calls.h"

/*
 * getdents64(2) of a directory that shows more than one directory of the host. All of it is read
 * and sorted for every call, and the descriptor's own position, which the kernel keeps but never
 * uses, says where to go on. So nothing has to be remembered between two calls, whichever process,
 * thread or duplicate of the descriptor makes the next.
 */

enum { SEEK_TO = 0, SEEK_BY = 1 };

/* struct linux_dirent64, and struct linux_dirent of the old call. */
struct record {
	unsigned long inode;
	long position;
	unsigned short size;
	unsigned char rest[PATH_NAME_MOST + 16];
};

enum { RECORD_HEAD = 18, DIRECTORY_TYPE = 4 };

/* Where the records of one call go. */
struct output {
	unsigned long at;
	size_t room;
	size_t used;
	bool old;   /* getdents(2): the type stands behind the name */
	bool bound; /* the directory is a bind's, which no overlay lies over */
};

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

static size_t build_record(struct record *record, const struct names *names,
	const struct names_entry *entry, bool old, bool bound)
{
	size_t name_at = old ? 0 : 1;
	size_t size = (RECORD_HEAD + name_at + entry->length + 1 + (old ? 1 : 0) + 7) & ~7UL;

	memset(record, 0, sizeof(*record));
	record->inode = entry->inode;
	if (engine.view.upper && !bound)
		record->inode =
			inodes_shown(entry->layer, entry->inode, entry->type == DIRECTORY_TYPE);
	record->position = (long)entry->position + 1;
	record->size = (unsigned short)size;
	memcpy(record->rest + name_at, names->bytes + entry->name, entry->length);
	record->rest[old ? size - RECORD_HEAD - 1 : 0] = entry->type;
	return size;
}

/*
 * Gives entries from a position on. Those that share a position are given together: the next call
 * could not go on between them.
 */
static long give(const struct names *names, unsigned long *position, struct output *output)
{
	struct record record;
	unsigned long from = *position;
	size_t run = 0;

	for (size_t i = 0; i < names->count; i++) {
		const struct names_entry *entry = &names->entries[i];
		size_t size;

		if (entry->position < from)
			continue;
		if (entry->position >= *position)
			run = output->used;
		size = build_record(&record, names, entry, output->old, output->bound);
		if (size > output->room - output->used) {
			if (*position > entry->position)
				*position = entry->position;
			output->used = run;
			return run > 0 ? 0 : -EINVAL;
		}
		if (guarded_copy((void *)(output->at + output->used), &record, size) < 0)
			return -EFAULT;
		output->used += size;
		*position = entry->position + 1;
	}
	*position = NAMES_END;
	return 0;
}

/* What getdents64 gave of one layer's directory. */
static long take(struct names *names, const char *bytes, size_t length, unsigned layer)
{
	long error = 0;

	for (size_t at = 0; at < length && error == 0;) {
		const char *record = bytes + at;
		unsigned long inode;
		unsigned short size;

		memcpy(&inode, record, sizeof(inode));
		memcpy(&size, record + 16, sizeof(size));
		error = names_add(names, record + RECORD_HEAD + 1, inode,
			(unsigned char)record[RECORD_HEAD], (unsigned char)layer,
			engine.view.upper);
		at += size;
	}
	return error;
}

static long read_layer(struct slot *slot, struct names *names, unsigned layer)
{
	long directory;
	long length;

	layers_host(&engine.view, layer, slot->path, strlen(slot->path), &slot->walk.host);
	if (slot->walk.host.overflow)
		return -ENAMETOOLONG;
	directory = upper_open(slot->walk.host.at, O_RDONLY);
	if (directory < 0)
		return directory;
	do {
		length = files_read_directory((int)directory, slot->bytes, sizeof(slot->bytes));
		if (length > 0)
			length = take(names, slot->bytes, (size_t)length, layer) < 0 ? -ENOMEM : 1;
	} while (length > 0);
	sys_close((int)directory);
	return length;
}

long listing_read(struct slot *slot, struct names *names, unsigned long mask)
{
	long error = 0;

	for (; mask != 0 && error == 0; mask &= mask - 1)
		error = read_layer(slot, names, layers_top(mask));
	if (error == 0)
		names_settle(names);
	return error;
}

/* The layers of a directory that has to be merged; 0 when the kernel's own answer is right. */
static unsigned long layers_of(struct slot *slot, long *error)
{
	struct text base = text_in(slot->bytes, sizeof(slot->bytes));
	bool bound;
	unsigned long mask;

	*error = 0;
	if (paths_base((int)slot->argument[0], &base) < 0 || base.length >= sizeof(slot->path))
		return 0;
	bound = view_bind_of(&engine.view, base.at, base.length) != NULL;
	if ((bound || !engine.view.upper) &&
		!(engine.view.points && view_is_above_mount(&engine.view, base.at, base.length)))
		return 0;
	mask = layers_find(&slot->walk, &engine.view, &paths_host, base.at, base.length);
	if (mask == 0)
		*error = -ENOENT;
	if ((bound || !engine.view.upper) && (mask & (mask - 1)) == 0)
		return 0;
	memcpy(slot->path, base.at, base.length + 1);
	return mask;
}

static enum slot_action list(struct slot *slot, bool old)
{
	struct output output = {
		.at = slot->argument[1], .room = (unsigned)slot->argument[2], .old = old};
	struct names names = {.count = 0};
	unsigned long position;
	unsigned long mask;
	long error;
	long result;

	if (engine.view.layer_count == 0)
		return SLOT_RUN;
	mask = layers_of(slot, &error);
	if (error < 0)
		return answer(slot, error);
	if (mask == 0)
		return SLOT_RUN;
	result = files_seek((int)slot->argument[0], 0, SEEK_BY);
	if (result < 0)
		return answer(slot, result);
	/* The last call gave the last name: nothing need be read to say so. */
	if (result == NAMES_END)
		return answer(slot, 0);
	position = (unsigned long)result;
	output.bound = view_bind_of(&engine.view, slot->path, strlen(slot->path)) != NULL;
	result = listing_read(slot, &names, mask);
	if (result == 0)
		result = give(&names, &position, &output);
	if (result == 0)
		result = files_seek((int)slot->argument[0], (long)position, SEEK_TO);
	names_free(&names);
	return answer(slot, result < 0 ? result : (long)output.used);
}

enum slot_action listing_getdents64(struct slot *slot)
{
	return list(slot, false);
}

enum slot_action listing_getdents(struct slot *slot)
{
	return list(slot, true);
}
