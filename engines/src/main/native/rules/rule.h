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
	FOLLOW_WATCH,  /* IN_DONT_FOLLOW is not in the mask */
	FOLLOW_MARK,   /* FAN_MARK_DONT_FOLLOW is not in the flags */
};

/* What the call does to that path; decides about read-only binds and mount points, and races. */
enum rule_effect {
	EFFECT_READ,   /* looks, and may look again */
	EFFECT_ACCESS, /* the same, for what could be done; the argument behind the path is the mode
			*/
	EFFECT_ENTER,  /* changes nothing there, but takes hold of it */
	EFFECT_SOURCE, /* gets one more name, and may be a symbolic link */
	EFFECT_WRITE,  /* changes something, but no symbolic link */
	EFFECT_SIZE,   /* truncates */
	EFFECT_MKDIR,  /* makes a directory */
	EFFECT_LINK,   /* may make a symbolic link */
	EFFECT_REMOVE, /* moves a name away, or over another */
	EFFECT_UNLINK, /* takes a name away; of a directory with AT_REMOVEDIR in the flags */
	EFFECT_RMDIR,  /* takes a directory away */
	EFFECT_OPEN,   /* as open(2) decides by its flags */
};

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
	/*
	 * Only where the guest has an identity of its own: runs when the paths are translated, or
	 * after the kernel has answered; NULL for most.
	 */
	enum slot_action (*owned)(struct slot *slot);
	enum slot_action (*leave)(struct slot *slot);
};

enum { RULES_MOST = 1024 };

/* The rule for a number; never NULL. */
const struct rule *rule_of(unsigned long number);

/* Per number: 1 when it passes. Read by the stubs of sites whose number is not known in advance. */
extern const unsigned char rules_pass[RULES_MOST];

#endif
