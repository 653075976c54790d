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
 * A child that shares memory but not the working directory, or this and not the memory, is about to
 * be made: nothing is kept until it has gone, which here_together() tells, if ever.
 */
void here_apart(void);
void here_together(void);

/* In the child of a fork, where no other thread is; `apart` if it still shares the directory. */
void here_in_child(bool apart);

#endif
