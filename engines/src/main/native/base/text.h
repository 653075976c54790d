#ifndef CORACLE_BASE_TEXT_H
#define CORACLE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded text under construction. It always ends in NUL; what does not fit is dropped and
 * remembered in `overflow`, so that a caller checks once, at the end.
 */
struct text {
	char *at;
	size_t length;
	size_t capacity;
	bool overflow;
};

struct text text_in(char *buffer, size_t capacity);
void text_clear(struct text *text);
void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const char *more, size_t length);
void text_add_number(struct text *text, long number);
void text_add_hex(struct text *text, unsigned long number);
void text_cut(struct text *text, size_t length);

/* Reads decimal digits from `text`; returns how many were read, 0 when there are none. */
size_t text_read_number(const char *text, unsigned long *number);

bool text_starts(const char *text, const char *prefix);

#endif
