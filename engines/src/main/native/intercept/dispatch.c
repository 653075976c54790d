#include "intercept/dispatch.h"

#include "base/mem.h"
#include "intercept/alternate.h"
#include "intercept/engine.h"
#include "intercept/trace.h"
#include "intercept/translate.h"
#include "overlay/rows.h"
#include "rules/rule.h"

static enum slot_action decide(struct slot *slot)
{
	const struct rule *rule = rule_of(slot->number);

	switch ((enum rule_action)rule->action) {
	case RULE_PASS:
		return SLOT_RUN;
	case RULE_PATHS:
		return translate_call(slot, rule);
	case RULE_CALL:
		if (engine.view.upper && rows_of(slot->number) != NULL)
			return rows_of(slot->number)(slot);
		return rule->call(slot);
	case RULE_REFUSE:
	default:
		slot->result = -rule->error;
		return SLOT_DONE;
	}
}

/* Does the kernel get just what the guest wrote, and nobody look at its answer? */
static bool is_untouched(const struct slot *slot)
{
	return slot->leave == NULL &&
	       memcmp(slot->argument, slot->original, sizeof(slot->argument)) == 0;
}

enum slot_action intercept_enter(struct slot *slot)
{
	enum slot_action action;

	slot->exec_owner = 0;
	slot->lent = false;
	slot->repeatable = false;
	slot->near = false;
	slot->held[0] = -1;
	slot->held[1] = -1;
	/* The kernel looks at 32 bits of it. */
	slot->number = (unsigned)slot->number;
	slot->rule_number = slot->number;
	if (slot->owner == 0)
		slot->owner = slot_own_thread();
	alternate_put_away(slot);
	if (trace_on())
		trace_begin(slot);
	action = decide(slot);
	if (trace_on())
		action = trace_decided(slot, action);
	/* A call that blocks must not keep a slot that it has no use for, nor the end of a thread.
	 */
	return action == SLOT_RUN && is_untouched(slot) ? SLOT_PASS : action;
}

enum slot_action intercept_leave(struct slot *slot)
{
	alternate_put_away(slot);
	return slot->leave(slot);
}
