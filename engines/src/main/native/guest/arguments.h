#ifndef CORACLE_GUEST_ARGUMENTS_H
#define CORACLE_GUEST_ARGUMENTS_H

#include "intercept/slot.h"

/* The arrays of pointers that execve(2) is given, in the guest's memory. */

/* How many pointers before the NULL; -EFAULT. */
long arguments_count(unsigned long array);

/* Room for that many pointers: the slot's own, or a mapping that is given back on failure; NULL. */
char **arguments_room(struct slot *slot, size_t pointers);

#endif
