#ifndef CORACLE_INTERCEPT_INDEX_FORMAT_H
#define CORACLE_INTERCEPT_INDEX_FORMAT_H

/*
 * The index of a tree: one file beside it, written once by command/index.c, read by
 * intercept/index.c. For every ELF file with code it says which pages change when the file is
 * patched, and holds them, patched, with their stubs:
 *
 *	page 0      struct index_header
 *	page 1...   patched pages and stubs of one file after the other
 *	tables      struct index_entry[buckets], open addressing by inode
 *	            struct index_code and what belongs to it, for files that have sites
 *	            names of all files, from the root of the tree, each ended by NUL
 *
 * Offsets within the tables count from their beginning. All of it is for one build of the engine:
 * stubs hold addresses of the engine, and which calls pass decides which sites are patched.
 *
 * An index that travels (command/index_travel.c) knows no tree yet: its `tree` is 0, instead of an
 * inode each file has the place of its name, counted from 1, and when it was changed is 0. So it
 *has the same bytes wherever it is made of the same files.
 */
enum {
	INDEX_VERSION = 2,
	INDEX_BUILD_BYTES = 20,
	INDEX_SEGMENTS_MOST = 4,
	INDEX_RUNS_MOST = 16,
	INDEX_ALIGN = 8
};

#define INDEX_MAGIC "coracle\x1a"

struct index_header {
	char magic[8];
	unsigned version;
	unsigned entry_bits; /* there are 1 << entry_bits entries, at most half of them in use */
	unsigned char build[INDEX_BUILD_BYTES];
	unsigned files;	    /* entries in use */
	unsigned long tree; /* inode of the tree's root, 0 while the index travels */
	unsigned long file_bytes;
	unsigned long tables; /* where they begin */
	unsigned long tables_bytes;
	unsigned long codes; /* in the tables */
	unsigned long names;
	unsigned long tables_sum;
	unsigned long header_sum; /* of all before it */
};

/* What a file looked like when it was indexed. Its device is that of the tree's root. */
struct index_entry {
	unsigned long inode; /* 0: no entry */
	unsigned long size;
	long modified;
	long changed;
	unsigned modified_nanos;
	unsigned changed_nanos;
	unsigned code; /* offset in the tables of its struct index_code, 0 when no site changes */
	unsigned name; /* among the names */
};

/* Consecutive pages of a segment that come from the index. */
struct index_run {
	unsigned long offset; /* in the file */
	unsigned long length;
	unsigned long at; /* in the index */
};

/* An executable segment, by whole pages. */
struct index_segment {
	unsigned long address; /* as the file has it */
	unsigned long offset;
	unsigned long length;
	unsigned first_trap;
	unsigned trap_count;
	unsigned first_run;
	unsigned run_count;
};

/* A file with sites. Stubs lie straight behind the last page of its image. */
struct index_code {
	unsigned long low; /* address of its first page, as the file has it */
	unsigned long high;
	unsigned long stubs; /* in the index: stubs, and then all traps, 4 bytes each */
	unsigned long stubs_length;
	unsigned long traps; /* from the beginning of the stubs */
	unsigned name;	     /* among the names */
	unsigned segment_count;
	unsigned run_count;
	unsigned unused;
	struct index_segment segments[INDEX_SEGMENTS_MOST];
	struct index_run runs[INDEX_RUNS_MOST];
};

#endif
