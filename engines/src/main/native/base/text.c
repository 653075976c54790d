#include "base/text.h"

#include "base/mem.h"

struct text text_in(char *buffer, size_t capacity)
{
	struct text text = {.at = buffer, .length = 0, .capacity = capacity, .overflow = false};

	buffer[0] = '\0';
	return text;
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->at[0] = '\0';
	text->overflow = false;
}

void text_add_bytes(struct text *text, const char *more, size_t length)
{
	if (text->overflow || length >= text->capacity - text->length) {
		text->overflow = true;
		return;
	}
	memcpy(text->at + text->length, more, length);
	text->length += length;
	text->at[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
	text_add_bytes(text, more, strlen(more));
}

void text_add_number(struct text *text, long number)
{
	char digits[24];
	size_t at = sizeof(digits);
	unsigned long rest = number < 0 ? 0UL - (unsigned long)number : (unsigned long)number;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (number < 0)
		digits[--at] = '-';
	text_add_bytes(text, digits + at, sizeof(digits) - at);
}

void text_add_hex(struct text *text, unsigned long number)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % 16];
		number /= 16;
	} while (number != 0);
	digits[--at] = 'x';
	digits[--at] = '0';
	text_add_bytes(text, digits + at, sizeof(digits) - at);
}

void text_cut(struct text *text, size_t length)
{
	if (length < text->length) {
		text->length = length;
		text->at[length] = '\0';
	}
}

size_t text_read_number(const char *text, unsigned long *number)
{
	size_t read = 0;
	unsigned long value = 0;

	while (read < 18 && text[read] >= '0' && text[read] <= '9') {
		value = value * 10 + (unsigned long)(text[read] - '0');
		read++;
	}
	*number = value;
	return read;
}

bool text_starts(const char *text, const char *prefix)
{
	while (*prefix != '\0') {
		if (*text++ != *prefix++)
			return false;
	}
	return true;
}
