#include "command/nearest.h"

#include "base/mem.h"

enum { WORD_MOST = 32, DISTANCE_MOST = 3 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's: how many letters have to be put in, taken out or replaced. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t row[WORD_MOST + 1];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

			diagonal = row[j];
			row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_length];
}

static size_t length_of(const char *word)
{
	size_t length = 0;

	while (word[length] != '\0' && word[length] != '=')
		length++;
	return length;
}

const char *nearest_word(const char *given, const char *const *known, size_t count)
{
	size_t given_length = length_of(given);
	size_t best = DISTANCE_MOST + 1;
	const char *nearest = NULL;

	if (given_length > WORD_MOST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t length = length_of(known[i]);
		size_t apart = distance(given, given_length, known[i], length);

		if (apart < best && apart < length / 2) {
			best = apart;
			nearest = known[i];
		}
	}
	return nearest;
}
