#ifndef CORACLE_INTERCEPT_TRANSLATE_H
#define CORACLE_INTERCEPT_TRANSLATE_H

#include "intercept/slot.h"
#include "rules/rule.h"

/* Does what a row says of its path arguments. SLOT_DONE with an error, or SLOT_RUN. */
enum slot_action translate_call(struct slot *slot, const struct rule *rule);

#endif
