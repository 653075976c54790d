#ifndef CORACLE_COMMAND_ENTER_H
#define CORACLE_COMMAND_ENTER_H

#include "command/options.h"
#include "intercept/slot.h"

/* Makes the guest's first directory this process's, once its view is known. 0, or -1 after a
 * message. */
int enter_directory(struct slot *slot, const struct options *options);

#endif
