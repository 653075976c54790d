#ifndef CORACLE_BASE_MEM_H
#define CORACLE_BASE_MEM_H

#include <stddef.h>

/* What the compiler may call on its own, and what libc would have given. */
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t most);

/* Freestanding code has no built-in memcpy by that name, and a few bytes are not worth a call. */
#define memcpy(to, from, size) __builtin_memcpy(to, from, size)

#endif
