#ifndef CORACLE_OVERLAY_ROWS_H
#define CORACLE_OVERLAY_ROWS_H

#include "intercept/slot.h"

/*
 * What is done with a call when there is an upper directory: for a call with paths after their
 * translation, for another in place of its own function, which it goes on to. NULL for most.
 */
typedef enum slot_action (*rows_function)(struct slot *slot);

rows_function rows_of(unsigned long number);

#endif
