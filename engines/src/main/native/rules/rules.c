#include "rules/rule.h"

#include <linux/errno.h>

#include "rules/calls.h"
#include "rules/numbers.h"

#define NO_PATH                                                                                    \
	{                                                                                          \
		RULE_NONE, RULE_NONE, RULE_NONE, 0, 0                                              \
	}
#define PASS(name) [__NR_##name] = {RULE_PASS, 0, {NO_PATH, NO_PATH}, 0, 0, 0},
#define REFUSE(name, code) [__NR_##name] = {RULE_REFUSE, code, {NO_PATH, NO_PATH}, 0, 0, 0},
#define CALL(name, function) [__NR_##name] = {RULE_CALL, 0, {NO_PATH, NO_PATH}, function, 0, 0},
#define CALL_PATH(name, dir, path, flags, follow, effect, function)                                \
	[__NR_##name] = {                                                                          \
		RULE_CALL, 0, {{dir, path, flags, follow, effect}, NO_PATH}, function, 0, 0},
#define CALL_TWO(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2, function)        \
	[__NR_##name] = {RULE_CALL, 0,                                                             \
		{{dir1, path1, flags, follow, effect1},                                            \
			{dir2, path2, flags, FOLLOW_NAME, effect2}},                               \
		function, 0, 0},
#define PATH(name, dir, path, flags, follow, effect)                                               \
	[__NR_##name] = {RULE_PATHS, 0, {{dir, path, flags, follow, effect}, NO_PATH}, 0, 0, 0},
#define PATH_OWNED(name, dir, path, flags, follow, effect, owned)                                  \
	[__NR_##name] = {RULE_PATHS, 0, {{dir, path, flags, follow, effect}, NO_PATH}, 0, owned, 0},
#define PATH_THEN(name, dir, path, flags, follow, effect, leave)                                   \
	[__NR_##name] = {RULE_PATHS, 0, {{dir, path, flags, follow, effect}, NO_PATH}, 0, 0, leave},
#define TWO(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2)                       \
	TWO_OWNED(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2, 0)
#define TWO_OWNED(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2, owned)          \
	[__NR_##name] = {RULE_PATHS, 0,                                                            \
		{{dir1, path1, flags, follow, effect1},                                            \
			{dir2, path2, flags, FOLLOW_NAME, effect2}},                               \
		0, owned, 0},

static const struct rule rules[RULES_MOST] = {
#include "rules/rules.def"
};

#undef PASS
#undef REFUSE
#undef CALL
#undef CALL_PATH
#undef CALL_TWO
#undef PATH
#undef PATH_OWNED
#undef PATH_THEN
#undef TWO
#undef TWO_OWNED

#define PASS(name) [__NR_##name] = 1,
#define REFUSE(name, code)
#define CALL(name, function)
#define CALL_PATH(name, dir, path, flags, follow, effect, function)
#define CALL_TWO(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2, function)
#define PATH(name, dir, path, flags, follow, effect)
#define PATH_OWNED(name, dir, path, flags, follow, effect, owned)
#define PATH_THEN(name, dir, path, flags, follow, effect, leave)
#define TWO(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2)
#define TWO_OWNED(name, dir1, path1, dir2, path2, flags, follow, effect1, effect2, owned)

const unsigned char rules_pass[RULES_MOST] = {
#include "rules/rules.def"
};

static const struct rule unknown = {RULE_REFUSE, ENOSYS, {NO_PATH, NO_PATH}, 0, 0, 0};

const struct rule *rule_of(unsigned long number)
{
	const struct rule *rule = number < RULES_MOST ? &rules[number] : &unknown;

	/* A row that nobody wrote is all zero, and no rule refuses with success. */
	return rule->action == RULE_REFUSE && rule->error == 0 ? &unknown : rule;
}
