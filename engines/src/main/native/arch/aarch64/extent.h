#ifndef CORACLE_ARCH_AARCH64_EXTENT_H
#define CORACLE_ARCH_AARCH64_EXTENT_H

#include <stddef.h>

#include "intercept/patch.h"

/*
 * Linkers for aarch64 put constants behind the code, in the same segment, and the tables of
 * exceptions there hold the bytes of svc #0 by chance: one in ten thousand words. How many bytes of
 * a mapping may hold code: all of them, or those before its unwind tables when every function in
 * the tables is before them too. (Linux Standard Base, Core, 10.6.2.)
 */
size_t extent_of_code(const struct patch_code *code);

#endif
