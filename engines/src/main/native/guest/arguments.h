#ifndef CORACLE_GUEST_ARGUMENTS_H
#define CORACLE_GUEST_ARGUMENTS_H

#include "intercept/slot.h"

/* The arrays of pointers that execve(2) is given, in the guest's memory; a 32-bit program's have
 * 32 bits. */

/* How many pointers before the NULL; -EFAULT. */
long arguments_count(unsigned long array);

/* Copies as many of them; -EFAULT. */
long arguments_copy(char **to, unsigned long array, size_t count);

/* Where the array goes on behind so many. */
unsigned long arguments_behind(unsigned long array, size_t count);

/* Room for that many pointers: the slot's own, or a mapping that is given back on failure; NULL. */
char **arguments_room(struct slot *slot, size_t pointers);

#endif
