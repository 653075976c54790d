#include "intercept/refusal.h"

#include <linux/errno.h>

#include "compat.h"
#include "syscall.h"

/* There is no directory of that name, and never can be: this is a file on every Linux. */
const char refusal_path[] = "/proc/stat/x";

long refusal_choose(long result, long error)
{
	return result == -ENOTDIR || result >= 0 ? error : result;
}

long refusal_answer(struct slot *slot, const struct rule_path paths[2], long error)
{
	unsigned long *argument = slot->argument;
	long result;

	/* Which of two it was does not matter: the call fails with either, and names no place. */
	for (size_t i = 0; i < 2; i++) {
		if (paths[i].path != RULE_NONE)
			argument[paths[i].path] = (unsigned long)refusal_path;
	}
	if (slot->compat_narrow)
		return refusal_choose(compat_repeat(slot), error);
	result = raw_syscall((long)slot->number, (long)argument[0], (long)argument[1],
		(long)argument[2], (long)argument[3], (long)argument[4], (long)argument[5]);
	return refusal_choose(result, error);
}
