#ifndef CORACLE_GUEST_OWNERS_H
#define CORACLE_GUEST_OWNERS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The table of owners: what a guest was told about a file and the host does not keep, because the
 * real user may not give files away, make devices, or use a file whose mode locks its owner out. A
 * file beside the tree, mapped by every process of every container in it; docs/owners.md has the
 * format, which Java writes too.
 *
 * There are no locks. A record is written whole before a bucket leads to it, and later changes are
 * one atomic store each, so a process may be killed anywhere: what it leaves is a record that
 * nothing leads to. Records are never moved, so looking one up takes no more than the walk of a
 * short chain.
 */
enum {
	OWNERS_VERSION = 1,
	OWNERS_BUCKETS = 1 << 15,
	OWNERS_BUCKETS_AT = 4096,
	OWNERS_RECORDS_AT = OWNERS_BUCKETS_AT + OWNERS_BUCKETS * 4,
	OWNERS_RECORD_BYTES = 48,
	OWNERS_RECORDS_MOST = 1 << 22,
};

/* A header flag: no mode of the tree locks the real user out any more. */
enum { OWNERS_OPENED = 1 };

/*
 * A file, through all of its names: device (0 for the tree's own, whose number may change from one
 * day to the next) and inode. `birth`, in nanoseconds, tells it from an earlier file of that
 * number; 0 where the file system does not keep it.
 */
struct owners_key {
	unsigned long device;
	unsigned long inode;
	long birth;
};

/* What is remembered. `mode` has the type of a device too, `special` its number. */
struct owners_entry {
	bool has_owner;
	bool has_mode;
	unsigned user;
	unsigned group;
	unsigned mode;
	unsigned special;
	long birth;
};

/* The tree that a table belongs to, and who what has no record in it belongs to. */
struct owners_tree {
	unsigned long inode;
	long birth;
	unsigned user;
	unsigned group;
};

/*
 * Maps the table, or makes one (aside, then renamed) when there is none or it belongs to another
 * tree. 0 or -errno, after which nothing is remembered and nothing found.
 */
long owners_create(const char *path, const struct owners_tree *tree);

/* Maps the table that a run has made. */
long owners_open(const char *path);

/* Those that the table was made with; without one they stay as they are. */
void owners_base(unsigned *user, unsigned *group);

unsigned owners_flags(void);
void owners_set_flag(unsigned flag);

/* Is there anything in it? */
bool owners_any(void);

/* Whoever is remembered under this number; the caller compares `birth`. */
bool owners_find(unsigned long device, unsigned long inode, struct owners_entry *entry);

/* 0, -ENOSPC, or what the host says. Without a table nothing happens. */
long owners_set_owner(const struct owners_key *key, unsigned user, unsigned group);
long owners_set_mode(const struct owners_key *key, unsigned mode, unsigned special);

/* The host keeps it again. */
void owners_drop_owner(const struct owners_key *key);
void owners_drop_mode(const struct owners_key *key);

/* The file is gone. */
void owners_forget(unsigned long device, unsigned long inode);

#endif
