#ifndef CORACLE_ARCH_X86_64_PADS_H
#define CORACLE_ARCH_X86_64_PADS_H

#include "functions.h"

/*
 * Where a system call has no room for a jump to its stub, a short jump takes its place, to bytes
 * that nothing executes: what the linker has put between two functions to align the second. A trap
 * costs ten times as much as the whole way through the engine.
 */
enum { PAD_BYTES = 5, PAD_JUMP = 0xeb };

/* The address of PAD_BYTES of padding that a two-byte jump at `site` reaches, or 0. */
unsigned long pads_find(
	const struct memory_range *code, const struct functions *functions, unsigned long site);

#endif
