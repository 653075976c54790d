#include "base/mem.h"

#include <stdbool.h>

#include "test/check.h"

/*
 * base/mem.c, which takes libc's place in this program: every length and every place in a word,
 * beside a byte on each side that must stay.
 */

enum { MOST = 40, ROOM = 64 };

#undef memcpy

/* Not what the compiler has built in. */
static void *(*volatile copy)(void *restrict, const void *restrict, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;
static size_t (*volatile measure)(const char *) = strlen;

static unsigned char from[ROOM];
static unsigned char to[ROOM];

static void fill(void)
{
	for (size_t i = 0; i < ROOM; i++) {
		from[i] = (unsigned char)(i + 1);
		to[i] = 0xff;
	}
}

static bool is_copied(size_t at, size_t size)
{
	for (size_t i = 0; i < ROOM; i++) {
		unsigned char expected =
			i >= at && i < at + size ? (unsigned char)(i - at + 4) : 0xff;

		if (to[i] != expected)
			return false;
	}
	return true;
}

static void copies_just_so_much(void)
{
	for (size_t size = 0; size <= MOST; size++) {
		for (size_t at = 1; at <= 9; at++) {
			fill();
			copy(to + at, from + 3, size);
			check_number("copied", true, is_copied(at, size));
			fill();
			move(to + at, from + 3, size);
			check_number("moved", true, is_copied(at, size));
		}
	}
}

static void moves_over_itself(void)
{
	for (size_t distance = 0; distance <= 9; distance++) {
		bool up = true;
		bool down = true;

		fill();
		move(from + distance, from, MOST);
		for (size_t i = 0; i < MOST; i++)
			up = up && from[distance + i] == i + 1;
		fill();
		move(from, from + distance, MOST);
		for (size_t i = 0; i < MOST; i++)
			down = down && from[i] == distance + i + 1;
		check_number("up", true, up);
		check_number("down", true, down);
	}
}

static void finds_the_first_difference(void)
{
	for (size_t size = 0; size <= MOST; size++) {
		fill();
		memmove(to, from, ROOM);
		to[size] = 0;
		check_number("the same", 0, compare(from, to, size));
		for (size_t at = 0; at < size; at++) {
			to[at] = 0;
			check_number("more", 1, compare(from, to, size));
			check_number("less", -1, compare(to, from, size));
			to[at] = from[at];
		}
	}
}

static void measures_up_to_the_first_end(void)
{
	char text[ROOM];

	for (size_t start = 0; start < 8; start++) {
		for (size_t length = 0; length <= MOST; length++) {
			memset(text, '\200', sizeof(text));
			text[start + length] = '\0';
			text[start + length + 2] = '\0';
			check_number("length", (long)length, (long)measure(text + start));
		}
	}
}

int main(void)
{
	copies_just_so_much();
	moves_over_itself();
	finds_the_first_difference();
	measures_up_to_the_first_end();
	return check_report("mem");
}
