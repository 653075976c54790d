#ifndef CORACLE_GUEST_HERE_H
#define CORACLE_GUEST_HERE_H

#include <stdbool.h>

#include "base/text.h"

/*
 * The working directory's guest path, as getcwd(2) found it last. It holds until this process goes
 * elsewhere, until any call of the tree's runs may have moved or removed a directory
 * (intercept/changes.h), and for no longer than other changes from outside stay unseen.
 */

/* Puts it into `guest`; false when it has to be asked for. */
bool here_find(struct text *guest);

/* Before the kernel is asked where this is: false when its answer may not be kept. */
struct here_moment {
	unsigned long links;
	unsigned long moves;
	unsigned long age;
};

bool here_begin(struct here_moment *moment);

/* The kernel's answer, if nothing has changed since. */
void here_keep(const struct here_moment *moment, const struct text *guest);

/*
 * How often this process went elsewhere; false while it does, and while the working directory is
 * not this process's alone. Then, whether it has stayed since.
 */
bool here_still(unsigned long *moves);
bool here_stayed(unsigned long moves);

/*
 * A child that shares the memory but not the working directory is about to be made: nothing is kept
 * until it has gone, which here_together() tells, if ever. One that shares this and not the memory
 * leaves GUEST_DIRECTORY for good.
 */
void here_apart(void);
void here_together(void);

/* In the child of a fork, where no other thread is. */
void here_in_child(void);

#endif
