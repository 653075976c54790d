#ifndef CORACLE_INTERCEPT_IDENTITY_H
#define CORACLE_INTERCEPT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* The kernel allows 65536; no program of the kind that runs in a container comes near this. */
enum { IDENTITY_GROUPS_MOST = 256 };

/* The first capability that the kernel does not have (CAP_LAST_CAP + 1). */
enum { IDENTITY_CAPABILITIES = 41 };

/* Who a process is: credentials(7). */
struct identity_ids {
	unsigned first; /* the one that getuid(2) tells */
	unsigned effective;
	unsigned saved;
	unsigned file; /* setfsuid(2): who new files belong to */
};

/* Sets of capabilities, a bit each: capabilities(7). */
struct identity_capabilities {
	unsigned long bounding;
	unsigned long permitted;
	unsigned long effective;
	unsigned long inheritable;
	unsigned long ambient;
	unsigned secure_bits;
};

/* The uid and gid that the guest believes it has; `given` is false when it sees the real ones. */
struct identity {
	bool given;
	bool secure; /* a set-user-ID program: AT_SECURE */
	struct identity_ids user;
	struct identity_ids group;
	struct identity_capabilities capabilities;
	unsigned group_count;
	unsigned groups[IDENTITY_GROUPS_MOST];
	unsigned base_user; /* who a file belongs to that is the real user's, and of whom no more */
	unsigned base_group; /* is known */
	unsigned start_user; /* whom the run began as */
	unsigned start_group;
	unsigned real_user;
	unsigned real_group;
	const char *owners;   /* host path of the table (guest/owners.h), "" for none */
	unsigned long device; /* that the tree lies on */
};

struct state_reader;

/* What of it lives on over an execve(2), as part of the engine's state (state.h). */
void identity_write(struct text *text, const struct identity *identity);
void identity_read(struct state_reader *reader, struct identity *identity);

/* Once what a program starts with is set: what follows from that. */
void identity_begin(struct identity *identity);

#endif
