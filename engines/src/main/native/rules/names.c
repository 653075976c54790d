#include "rules/names.h"

#include <stddef.h>

#include "rules/numbers.h"
#include "rules/rule.h"

#define NAME(name) [__NR_##name] = #name,
#define PASS(name) NAME(name)
#define REFUSE(name, ...) NAME(name)
#define CALL(name, ...) NAME(name)
#define CALL_PATH(name, ...) NAME(name)
#define CALL_TWO(name, ...) NAME(name)
#define PATH(name, ...) NAME(name)
#define PATH_OWNED(name, ...) NAME(name)
#define PATH_THEN(name, ...) NAME(name)
#define TWO(name, ...) NAME(name)
#define TWO_OWNED(name, ...) NAME(name)

static const char *const names[RULES_MOST] = {
#include "rules/rules.def"
};

const char *rule_name(unsigned long number)
{
	return number < RULES_MOST && names[number] != NULL ? names[number] : "?";
}
