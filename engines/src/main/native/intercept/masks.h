#ifndef CORACLE_INTERCEPT_MASKS_H
#define CORACLE_INTERCEPT_MASKS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The engine's three signals, SIGILL, SIGBUS and SIGSEGV, are never really blocked (signals.h), but
 * each thread of the guest sees the mask that it has set.
 */
/* Bits 4, 7 and 11 of a mask, counted from 1; the same on all architectures that Linux calls
 * generic. */
enum { MASKS_OURS = 1 << 3 | 1 << 6 | 1 << 10, MASKS_SIGNALS = 65 };

bool masks_ours(int signal);

/*
 * For one of the three that somebody sent: true when the running thread believes it blocked. Then
 * it is kept, and sent again when the thread unblocks it.
 */
bool masks_hold_back(int signal);

/* The alternate stack on which a handler of the running thread was last entered (alternate.h). */
void masks_note_alternate(unsigned long low, size_t size);
bool masks_on_alternate(unsigned long owner, unsigned long stack);

#endif
