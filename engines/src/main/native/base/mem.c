#include "base/mem.h"

#undef memcpy

/*
 * Built with -fno-tree-loop-distribute-patterns: otherwise the compiler recognises these loops and
 * turns each function into a call of itself.
 */

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	for (size_t i = 0; i < size; i++)
		target[i] = source[i];
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	if (target <= source) {
		for (size_t i = 0; i < size; i++)
			target[i] = source[i];
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

	for (size_t i = 0; i < size; i++) {
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
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
