#ifndef CORACLE_TEST_NUMBERS_H
#define CORACLE_TEST_NUMBERS_H

/* The calls of the kernel's headers for this architecture, ended by a name that is NULL; generated.
 */
struct numbered_call {
	const char *name;
	unsigned long number;
};

extern const struct numbered_call numbered_calls[];

#endif
