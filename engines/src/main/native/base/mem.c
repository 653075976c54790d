#include "base/mem.h"

#undef memcpy

/*
 * Built with -fno-tree-loop-distribute-patterns: otherwise the compiler recognises these loops and
 * turns each function into a call of itself.
 */

/* Eight bytes at any address, of whatever type they are. */
typedef unsigned long word __attribute__((may_alias, aligned(1)));

enum { WORD = sizeof(word) };

static void copy_up(unsigned char *target, const unsigned char *source, size_t size)
{
	for (; size >= WORD; size -= WORD) {
		*(word *)(void *)target = *(const word *)(const void *)source;
		target += WORD;
		source += WORD;
	}
	while (size-- > 0)
		*target++ = *source++;
}

/* Most of what is copied is a name or a path: short, and of any length. */
void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	if (size < WORD) {
		while (size-- > 0)
			target[size] = source[size];
		return to;
	}
	for (size_t i = 0; i < size - WORD; i += WORD)
		*(word *)(void *)(target + i) = *(const word *)(const void *)(source + i);
	/* The last one may hold bytes of the one before once more. */
	target += size - WORD;
	source += size - WORD;
	*(word *)(void *)target = *(const word *)(const void *)source;
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	if (target <= source) {
		copy_up(target, source, size);
	} else {
		for (size_t i = size; i > 0; i--)
			target[i - 1] = source[i - 1];
	}
	return to;
}

void *memset(void *to, int value, size_t size)
{
	unsigned char *target = to;

	for (size_t i = 0; i < size; i++)
		target[i] = (unsigned char)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *left = a;
	const unsigned char *right = b;

	size_t i = 0;

	while (size - i >= WORD &&
		*(const word *)(const void *)(left + i) == *(const word *)(const void *)(right + i))
		i += WORD;
	for (; i < size; i++) {
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

/* Whole words once the address is a multiple of their size: those never reach into the next page.
 */
size_t strlen(const char *text)
{
	const unsigned long ones = ~0UL / 0xff;
	const char *at = text;
	unsigned long found;

	while ((unsigned long)at % WORD != 0) {
		if (*at == '\0')
			return (size_t)(at - text);
		at++;
	}
	do {
		unsigned long bytes = *(const word *)(const void *)at;

		found = (bytes - ones) & ~bytes & ones << 7;
		at += WORD;
	} while (found == 0);
	/* The lowest bit is that of the first NUL. */
	return (size_t)(at - WORD - text) + (size_t)__builtin_ctzl(found) / 8;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}

int strncmp(const char *a, const char *b, size_t most)
{
	for (size_t i = 0; i < most; i++) {
		if (a[i] != b[i])
			return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
		if (a[i] == '\0')
			return 0;
	}
	return 0;
}
