#ifndef CORACLE_COMMAND_BUILDER_H
#define CORACLE_COMMAND_BUILDER_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/index_format.h"

/*
 * An index being made (intercept/index_format.h). Pages go to the file as they come, the tables
 * grow in memory and follow at the end.
 */
enum {
	BUILDER_ENTRY_BITS = 18,
	BUILDER_FILES_MOST = 1 << (BUILDER_ENTRY_BITS - 1),
	BUILDER_CODES_MOST = 1 << 16,
	BUILDER_NAME_BYTES = 1 << 24
};

struct stat;

struct builder {
	int file;
	unsigned long at; /* where the next pages go */
	unsigned long device;
	unsigned long tree;	     /* inode of the root, 0 when the index is to travel */
	bool all;		     /* calls that pass are patched, too */
	struct index_entry *entries; /* `code` is the number of the record, from 1 */
	unsigned files;
	struct index_code *codes;
	unsigned code_count;
	struct text names;
	unsigned long left_out; /* ELF files that will be scanned as in F1 */
};

/* Adds one open file if it is ELF and still unknown; `name` is its path from the tree's root. */
long builder_add_file(struct builder *builder, int file, const char *name);

/* Adds all files below the directory, which is closed. */
long builder_add_directory(struct builder *builder, int directory);

/* Writes the tables and the header. */
long builder_finish(struct builder *builder);

/*
 * Adds what the index at `from`, which has travelled here, knows of the files below the directory.
 * -EXDEV when it is of another tree, -ESTALE of another build, -EILSEQ when it is damaged.
 */
long builder_adopt(struct builder *builder, int directory, const char *from);

/* Waits until a change of the file would show in its times; -EOPNOTSUPP when none ever would. */
long builder_wait_for_rest(const struct stat *status);

/* The entry of an inode, or where it would go; NULL when there is no room for more. */
struct index_entry *builder_entry(const struct builder *builder, unsigned long inode);

/* Writes all of it at the end of the pages, filled up to a whole page. */
long builder_append(struct builder *builder, const void *bytes, unsigned long length);

#endif
