#ifndef CORACLE_INTERCEPT_INDEX_H
#define CORACLE_INTERCEPT_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "intercept/index_format.h"

/*
 * Mode F3: code that was patched ahead. The index (index_format.h) is opened when a program starts
 * and when a library with sites is mapped; its tables stay mapped, a descriptor never stays open.
 * Nothing here is needed for correctness: a file that the index does not know just as it is now is
 * scanned as in F1, and so is every file when the index has gone or another has taken its place.
 */
struct stat;

/* How one index is recognised over execve(2); `path` is empty when there is none. */
struct index_identity {
	const char *path;
	unsigned long tree;	   /* inode of the tree's root; needed only before the first exec */
	unsigned long tree_device; /* of the tree's root and of all files that the index knows */
	unsigned long inode;
	unsigned long size;
	unsigned long changed;
	unsigned long changed_nanos;
};

/*
 * Looks at an index once, thoroughly: is it whole, and made by this very engine? 0 and the
 * identity, but for the path and the tree's device; or -errno: -ENOENT, -EILSEQ for a broken one,
 * -ESTALE for one of another build.
 */
long index_check(const char *path, struct index_identity *identity);

/* The same of an open one: its header, and its tables, mapped, for the caller to unmap. */
long index_read(int file, struct index_header *header, const char **tables);

/* A descriptor of engine.index, for the caller to close; -errno when it is not there any more. */
long index_open(void);

/* Maps the tables through that descriptor, unless they are mapped. */
long index_use(int descriptor);

enum index_answer {
	INDEX_UNKNOWN, /* look for sites in it */
	INDEX_PLAIN,   /* no site of it changes */
	INDEX_CODE,    /* `code` tells what changes */
};

enum index_answer index_find(const struct stat *status, const struct index_code **code);

/* The same for an open file. */
enum index_answer index_find_open(int file, const struct index_code **code);

/* A mapping of a file that the index knows. */
struct index_mapping {
	const struct index_code *code;
	unsigned long address;
	unsigned long length;
	unsigned long offset; /* in the file */
	int protection;
	int original; /* descriptor of the file when nothing is mapped yet, else -1 */
};

/*
 * Puts patched pages in the place of the original ones of a mapping, the stubs at their distance,
 * and registers the traps. `room` says that the place of the stubs is ours already. 0, or -errno:
 * then the mapping must be made anew.
 */
long index_patch(int descriptor, const struct index_mapping *mapping, bool room);

/* Where the stubs of a mapping lie, or 0 when it holds nothing that is patched. */
unsigned long index_stubs_of(const struct index_mapping *mapping);

/*
 * What a page of the index stands for, for those who show mappings to the guest: the file it
 * replaces, as a path from the root of the tree, and the offset there; INDEX_STUBS stand for
 * nothing that the guest could know of.
 */
enum index_part { INDEX_NOTHING, INDEX_TEXT, INDEX_STUBS };

struct index_original {
	const char *path;
	unsigned long offset;
};

enum index_part index_original_of(unsigned long offset, struct index_original *original);

/* A sum that changes with every bit of `bytes`. */
unsigned long index_sum(const void *bytes, size_t length);

/* The note that the linker puts into the engine: differs between any two builds. */
long index_read_build(unsigned char build[INDEX_BUILD_BYTES]);

/* Where the entry of an inode is looked for first. */
unsigned long index_bucket(unsigned long inode);

#endif
