#ifndef CORACLE_INTERCEPT_PATCH_H
#define CORACLE_INTERCEPT_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/elf.h>

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

/* Where the stubs of code go that is patched for an index. */
struct patch_room {
	unsigned long stubs; /* moves on with every stub */
	unsigned long stubs_end;
	unsigned *traps; /* offsets from the code's address, rising */
	size_t trap_room;
	size_t trap_count;
	bool all;     /* as of the code, below */
	bool changed; /* something has been patched; never set back */
	bool full;    /* something was left as it is: the result is of no use */
};

struct patch_code {
	unsigned long address;
	size_t length;
	int protection;		    /* what the code has and gets back */
	int changing;		    /* what it may have while it is changed */
	bool written;		    /* by the guest itself, which may write there again */
	bool traced;		    /* what gets no jump is left alone (trapping_spares_sites) */
	bool all;		    /* calls that pass as well (trapping_takes_all) */
	struct patch_table unwind;  /* .eh_frame_hdr, empty when there is none */
	struct patch_table segment; /* the segment around it, which holds .eh_frame too */
	struct patch_room *room;    /* NULL: wherever there is memory near the code */
};

/* Written for each architecture (arch/ARCH/patch.c). */
void patch_code(const struct patch_code *code);

/* Ends the process: code cannot be made safe. */
__attribute__((noreturn)) void patch_stop(const char *what, long error);

/* Code just mapped from `file` at `offset`; `protection` is what the mapping has and keeps. */
void patch_mapping(
	unsigned long address, size_t length, int protection, int file, unsigned long offset);

/*
 * Code of one segment of a whole ELF file at `bytes`, which lies at `address` from its first page
 * on, and can be written: patched with its stubs in `room`, and not made known to the engine.
 */
void patch_segment_into(const unsigned char *bytes, size_t size, const Elf64_Phdr *segment,
	unsigned long address, struct patch_room *room);

/*
 * Code that the guest wrote itself and is about to make executable. It is readable, nobody executes
 * it, and it stays without that right: the caller gives it.
 */
void patch_written_code(unsigned long address, size_t length, int protection);

#endif
