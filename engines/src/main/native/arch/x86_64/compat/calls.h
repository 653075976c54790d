#ifndef CORACLE_COMPAT_CALLS_H
#define CORACLE_COMPAT_CALLS_H

#include <stdbool.h>

#include "intercept/slot.h"

/* What becomes of a 32-bit call; calls.def has a row for each. */
enum compat_kind {
	COMPAT_REFUSE, /* answer with `error`; so does every number without a row, with ENOSYS */
	COMPAT_PASS,
	COMPAT_RANGE,
	COMPAT_SAME,
	COMPAT_NARROW,
	COMPAT_CALL,
};

struct compat_row {
	unsigned char kind;
	unsigned short twin; /* number of the 64-bit call that it is like */
	int error;
	enum slot_action (*call)(struct slot *slot);
};

/* The row for a number; never NULL. */
const struct compat_row *compat_row_of(unsigned long number);

/* Does a call with these first arguments pass? */
bool compat_passes(unsigned long number, unsigned long first, unsigned long second);

/* Does this memory hold any of the engine's? Addresses of 32 bits. */
bool compat_is_engine(unsigned long address, unsigned long length);

/* The odd ones. */

/* stats.c */
enum slot_action compat_old_stat(struct slot *slot);
enum slot_action compat_old_lstat(struct slot *slot);
enum slot_action compat_old_fstat(struct slot *slot);
enum slot_action compat_stat(struct slot *slot);
enum slot_action compat_lstat(struct slot *slot);
enum slot_action compat_fstat(struct slot *slot);
enum slot_action compat_fstatat(struct slot *slot);

/* sockets.c */
enum slot_action compat_socketcall(struct slot *slot);
enum slot_action compat_sendmsg(struct slot *slot);
enum slot_action compat_sendmmsg(struct slot *slot);
enum slot_action compat_recvmsg(struct slot *slot);

/* odd.c */
enum slot_action compat_range(struct slot *slot);
enum slot_action compat_mremap(struct slot *slot);
enum slot_action compat_old_mmap(struct slot *slot);
enum slot_action compat_fanotify_mark(struct slot *slot);
enum slot_action compat_prctl(struct slot *slot);

/* short.c */
enum slot_action compat_short_chown(struct slot *slot);
enum slot_action compat_short_lchown(struct slot *slot);
enum slot_action compat_short_fchown(struct slot *slot);
enum slot_action compat_short_user(struct slot *slot);
enum slot_action compat_short_group(struct slot *slot);
enum slot_action compat_short_effective_user(struct slot *slot);
enum slot_action compat_short_effective_group(struct slot *slot);

#endif
