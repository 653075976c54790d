#ifndef CORACLE_INTERCEPT_PATCH_H
#define CORACLE_INTERCEPT_PATCH_H

#include <stddef.h>

/*
 * Replaces the system-call instructions of code that is about to run. A site is touched only when
 * it is proven to be an instruction and its call is one that the engine wants. Failure to change a
 * mapping is not silent: it ends the process with a message, since going on would let the guest
 * out.
 */

/* Bytes of the file at `bytes` that belong at `address` in the running program. */
struct patch_table {
	const unsigned char *bytes;
	unsigned long address;
	unsigned long length;
};

struct patch_code {
	unsigned long address;
	size_t length;
	int protection;		    /* what the code has and gets back */
	int changing;		    /* what it may have while it is changed */
	struct patch_table unwind;  /* .eh_frame_hdr, empty when there is none */
	struct patch_table segment; /* the segment around it, which holds .eh_frame too */
};

/* Written for each architecture (arch/ARCH/patch.c). */
void patch_code(const struct patch_code *code);

/* Ends the process: code cannot be made safe. */
__attribute__((noreturn)) void patch_stop(const char *what, long error);

/* Code just mapped from `file` at `offset`; `protection` is what the mapping has and keeps. */
void patch_mapping(
	unsigned long address, size_t length, int protection, int file, unsigned long offset);

/* Code that the guest wrote itself and has just made executable. */
void patch_written_code(unsigned long address, size_t length, int protection);

#endif
