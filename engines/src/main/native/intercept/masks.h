#ifndef CORACLE_INTERCEPT_MASKS_H
#define CORACLE_INTERCEPT_MASKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The engine's own signals, SIGILL, SIGBUS and SIGSEGV, and in mode F2 SIGSYS, are never really
 * blocked (signals.h), but each thread of the guest sees the mask that it has set.
 */
enum { MASKS_SIGNALS = 65 };

/* Their bits in a mask, counted from 1. Constant from before the guest's first instruction. */
extern unsigned long masks_own;

/* One more. */
void masks_take(int signal);

bool masks_ours(int signal);

/*
 * For one of those that somebody sent: true when the running thread believes it blocked. Then
 * it is kept, and sent again when the thread unblocks it.
 */
bool masks_hold_back(int signal);

/* Which of them the running thread believes it has blocked, as bits of a mask. */
unsigned long masks_blocked(void);

/* The alternate stack on which a handler of the running thread was last entered (alternate.h). */
void masks_note_alternate(unsigned long low, size_t size);
bool masks_on_alternate(unsigned long owner, unsigned long stack);

#endif
