#include "overlay/rows.h"

#include "overlay/calls.h"
#include "rules/numbers.h"
#include "rules/rule.h"

#define ROW(name, function) [__NR_##name] = function,

static const rows_function rows[RULES_MOST] = {
#include "overlay/rows.def"
};

rows_function rows_of(unsigned long number)
{
	return number < RULES_MOST ? rows[number] : NULL;
}
