#ifndef CORACLE_TEST_CHECK_H
#define CORACLE_TEST_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says what differs and counts it; a test program ends with check_report(). */
static int check_failures;
static int check_count;

static inline void check_text(const char *what, const char *expected, const char *got)
{
	check_count++;
	if (strcmp(expected, got) == 0)
		return;
	check_failures++;
	printf("%s: expected \"%s\", got \"%s\"\n", what, expected, got);
}

static inline void check_number(const char *what, long expected, long got)
{
	check_count++;
	if (expected == got)
		return;
	check_failures++;
	printf("%s: expected %ld, got %ld\n", what, expected, got);
}

static inline int check_report(const char *name)
{
	printf("%s: %d passed, %d failed\n", name, check_count - check_failures, check_failures);
	return check_failures == 0 ? 0 : 1;
}

#endif
