#ifndef CORACLE_RULES_RULE_H
#define CORACLE_RULES_RULE_H

#include <stdbool.h>

#include "intercept/slot.h"

/* What the engine does with one system call. rules.def has a row for each; see ADDING_A_SYSCALL.md.
 */
enum rule_action {
	RULE_REFUSE, /* answer with `error`; so does every number without a row, with ENOSYS */
	RULE_PASS,  /* no path in it: the kernel sees it unchanged, sites with it are not patched */
	RULE_PATHS, /* translate the path arguments, then let the kernel do it */
	RULE_CALL,  /* an odd one: `call` does it */
};

/* Is a symbolic link at the end of the path followed? */
enum rule_follow {
	FOLLOW_ALWAYS,
	FOLLOW_NEVER,  /* but before a slash */
	FOLLOW_NAME,   /* not even before a slash: a name is made, moved or taken away */
	FOLLOW_UNLESS, /* AT_SYMLINK_NOFOLLOW is not in the flags */
	FOLLOW_IF,     /* AT_SYMLINK_FOLLOW is in the flags */
	FOLLOW_OPEN,   /* as open(2) decides by its flags */
};

/* What the call does to that path; decides about read-only binds and mount points. */
enum rule_effect { EFFECT_READ, EFFECT_WRITE, EFFECT_REMOVE, EFFECT_OPEN };

enum { RULE_NONE = -1 };

struct rule_path {
	signed char directory; /* argument that holds the directory descriptor, or RULE_NONE */
	signed char path;      /* argument that holds the path, or RULE_NONE */
	signed char flags;     /* argument that holds the flags, or RULE_NONE */
	unsigned char follow;
	unsigned char effect;
};

struct rule {
	unsigned char action;
	int error;
	struct rule_path paths[2];
	enum slot_action (*call)(struct slot *slot);
	/* Runs after the kernel has answered; NULL for most. */
	enum slot_action (*leave)(struct slot *slot);
};

enum { RULES_MOST = 1024 };

/* The rule for a number; never NULL. */
const struct rule *rule_of(unsigned long number);

/* Per number: 1 when it passes. Read by the stubs of sites whose number is not known in advance. */
extern const unsigned char rules_pass[RULES_MOST];

#endif
