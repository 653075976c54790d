#include "rows.h"

#include "wrap.h"

/* One function for each row of the lists, and the table of them. */
#define ROW(family, name, at, made)                                                                                    \
	static long name##_row(int dir, const char *path)                                                                     \
	{                                                                                                               \
		(void)dir;                                                                                              \
		return made;                                                                                            \
	}
#include "all.def"
#undef ROW

#define ROW(family, name, at, made) {#family, #name, name##_row, at},
const struct call calls[] = {
#include "all.def"
};
const size_t call_count = sizeof(calls) / sizeof(calls[0]);
