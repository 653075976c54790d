#ifndef CORACLE_OVERLAY_NAMES_H
#define CORACLE_OVERLAY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The names in a directory that several layers share, in the order of a hash of the name. That
 * order is what makes a position in the directory (d_off, telldir(3)) hold although names come and
 * go between two calls, and any process may go on reading from it: it is the hash itself.
 */
struct names_entry {
	unsigned long position;
	unsigned long inode;
	unsigned name; /* where its text begins in `bytes` */
	unsigned char length;
	unsigned char type;  /* DT_... */
	unsigned char layer; /* that it was read from, 0 the uppermost */
	bool hides;	     /* it is a whiteout: it hides its name in the layers below */
};

struct names {
	struct names_entry *entries;
	size_t count;
	size_t entry_room;
	char *bytes;
	size_t used;
	size_t byte_room;
};

/* Positions of "." and ".." come first, then hashes of 40 bits: any file system can seek to them.
 */
enum { NAMES_DOT, NAMES_DOTS, NAMES_FIRST };

/* Behind all of them. */
#define NAMES_END (1L << 41)

/* Adds one; 0 or -ENOMEM. In an overlay whiteouts are told by their names. */
long names_add(struct names *names, const char *name, unsigned long inode, unsigned char type,
	unsigned char layer, bool overlay);

/* Sorts, and leaves of each name what the guest sees. */
void names_settle(struct names *names);

/* Gives the memory back. */
void names_free(struct names *names);

#endif
