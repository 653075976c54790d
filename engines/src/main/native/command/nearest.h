#ifndef CORACLE_COMMAND_NEAREST_H
#define CORACLE_COMMAND_NEAREST_H

#include <stddef.h>

/*
 * The word that somebody may have meant: the one that differs from `given` in the fewest letters,
 * NULL when all differ in too many. A known word that ends in "=" is compared up to there.
 */
const char *nearest_word(const char *given, const char *const *known, size_t count);

#endif
