#ifndef CORACLE_INTERCEPT_REFUSAL_H
#define CORACLE_INTERCEPT_REFUSAL_H

#include "intercept/slot.h"
#include "rules/rule.h"

/*
 * The answer to a call whose path cannot be used, for the reason `error`. What else is wrong with
 * the call may come first, and only the kernel knows what and in which order: it gets the call with
 * a path in place of the bad one that can be used as little.
 */
/* The same for a call that is made elsewhere: with this path, and then of its result. */
extern const char refusal_path[];
long refusal_choose(long result, long error);

long refusal_answer(struct slot *slot, const struct rule_path paths[2], long error);

#endif
