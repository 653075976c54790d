#ifndef CORACLE_GUEST_OWNERSHIP_H
#define CORACLE_GUEST_OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/owners.h"
#include "intercept/identity.h"
#include "intercept/slot.h"

/*
 * Files as a guest with an identity of its own sees them: what the table of owners remembers, over
 * what the host says.
 */

/* Where a call's file is, for calls of the engine's own that are to hit the same one. */
struct place {
	int directory;
	const char *path; /* the host's, or the guest's own where that is good enough */
	int flags;	  /* AT_... */
};

/* The path argument `which` (0 or 1) after its translation, or the descriptor of a call without. */
struct place ownership_place(const struct slot *slot, unsigned which);

/* One file. */
struct ownership {
	struct owners_key key;
	unsigned links;
	unsigned real_mode; /* with the type */
	bool is_own;	    /* the real user's, who may change its mode */
	unsigned mode;	    /* the guest's, with the type */
	unsigned user;
	unsigned group;
	unsigned special; /* number of a device */
	bool remembered;  /* a record says so */
};

/* 0 or -errno. */
long ownership_look(const struct place *place, struct ownership *file);

/* Device and inode as stat(2) has them, to look for in the table. */
unsigned long ownership_device(unsigned long device);

/* Does the host keep what a guest does, because the real user is root? */
bool ownership_is_real(void);

/* The mode a file gets on the host for a guest's: one that the real user can work with. */
unsigned ownership_real_mode(unsigned mode);

/* Will open(2) with these flags make a file of that name, which then belongs to the guest's user?
 */
bool ownership_makes(const struct place *name, unsigned long flags);

/* It did, and this is its descriptor. */
void ownership_made(struct slot *slot, const struct place *name, long descriptor);

/* A file of that name was made in another way. */
void ownership_named(struct slot *slot, const struct place *name);

/* For files_openat2(), whose flags lie in memory. */
enum slot_action ownership_openat2(struct slot *slot, unsigned long flags);

/* Makes a file belong to them, by the host where it does, else by the table. 0 or -errno. */
long ownership_give(
	const struct place *place, const struct ownership *file, unsigned user, unsigned group);

/* The identity that a program begins with: that of its file where the set-ID bits say so. */
void ownership_of_program(const char *host, struct identity *identity);

#endif
