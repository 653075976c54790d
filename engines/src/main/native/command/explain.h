#ifndef CORACLE_COMMAND_EXPLAIN_H
#define CORACLE_COMMAND_EXPLAIN_H

#include "intercept/slot.h"

/*
 * Says why the kernel's word for a program is ENOEXEC, by the beginning of what execve(2) has
 * looked at last, which is still in the slot.
 */
void explain_not_executable(const struct slot *slot, const char *name);

#endif
