#ifndef CORACLE_GUEST_OWNERS_FORMAT_H
#define CORACLE_GUEST_OWNERS_FORMAT_H

#include "guest/owners.h"

/* The table's file, field by field: docs/owners.md. Numbers are in the processor's order. */

#define OWNERS_MARK "CORACLE-OWNERS\n"

struct owners_header {
	char mark[15];
	unsigned char version;
	unsigned long tree_inode;
	long tree_birth;
	unsigned used; /* records taken; the first is 1, for 0 ends a chain */
	unsigned flags;
	unsigned user; /* of what has no record */
	unsigned group;
};

struct owners_record {
	unsigned long device;
	unsigned long inode;
	long birth;
	unsigned long owner; /* uid << 32 | gid */
	unsigned long what;  /* special << 32 | flags | mode */
	unsigned next;
	unsigned zero;
};

_Static_assert(sizeof(struct owners_record) == OWNERS_RECORD_BYTES, "docs/owners.md");
_Static_assert(sizeof(struct owners_header) == 48, "docs/owners.md");

#define OWNERS_MODE_BITS 0xffffUL
#define OWNERS_HAS_OWNER (1UL << 16)
#define OWNERS_HAS_MODE (1UL << 17)
#define OWNERS_LIVE (1UL << 18)
#define OWNERS_SPECIAL_BITS (0xffffffffUL << 32)

/* The file grows by so many records. */
enum { OWNERS_CHUNK = 1024 };

/* Bucket of a file: the upper bits of a product, as Knuth's multiplicative hash has them. */
#define OWNERS_INODE_MIX 0x9e3779b97f4a7c15UL
#define OWNERS_DEVICE_MIX 0xc2b2ae3d27d4eb4fUL
enum { OWNERS_HASH_SHIFT = 64 - 15 };

#endif
