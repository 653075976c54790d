#ifndef CORACLE_ARCH_X86_64_SITES_H
#define CORACLE_ARCH_X86_64_SITES_H

#include <stdbool.h>

#include "functions.h"

/*
 * Finds system call instructions and proves that they are some: their bytes also occur inside other
 * instructions and in data. For each it tells what a patcher must know about its surroundings.
 *
 *	for (offset = sites_next(code, 0); offset < code->length; offset = sites_next(code, offset +
 *2)) if (sites_prove(code, functions, code->address + offset, &sites[count]) > 0) count++;
 *	sites_mark_entries(code, sites, count);
 */

enum {
	SITE_BEFORE_MAX = 8,
	SITE_AFTER_MAX = 4,
	SITE_REACH_BEFORE = 120, /* bytes: the neighbours cannot be longer */
	SITE_REACH_AFTER = 71	 /* bytes after the syscall's first */
};

/*
 * The three instructions by which user code calls the kernel. The last two take the calls and the
 * registers of a 32-bit program, also in a 64-bit one.
 */
enum site_kind { SITE_NONE, SITE_SYSCALL, SITE_INTERRUPT, SITE_SYSENTER };

enum site_proof {
	SITE_BY_FUNCTION, /* decoding from the function's known start arrives here */
	SITE_BY_CONSENSUS /* no function is known here; see consensus.h */
};

/*
 * An instruction that is executed straight before or after the syscall, and is neither a jump, a
 * call nor a syscall itself: it may be displaced, if rip_relative is heeded.
 */
struct site_neighbour {
	short offset; /* from the syscall: negative before it */
	unsigned char length;
	bool rip_relative;
};

struct site {
	unsigned long address; /* of the syscall */
	unsigned char proof;   /* enum site_proof */
	unsigned char before_count;
	unsigned char after_count;
	bool blind;	     /* jumps through registers were seen nearby: entries may be missing */
	short number_offset; /* of the instruction that sets the number, 0 if not certain */
	unsigned number;     /* see site_number */
	struct site_neighbour before[SITE_BEFORE_MAX]; /* nearest first */
	struct site_neighbour after[SITE_AFTER_MAX];   /* nearest first */
	unsigned long entries[3]; /* bits: where branches land, from -SITE_REACH_BEFORE on */
};

/* What the two bytes are, if an instruction begins there: syscall, int $0x80, sysenter. */
enum site_kind sites_kind(const unsigned char *bytes);

/* The offset of the next of these three at or after from, or code->length if there is none. */
unsigned long sites_next(const struct memory_range *code, unsigned long from);

/*
 * Decides whether the bytes of a site at address are an instruction. functions may be a null
 * pointer. Returns 1 and fills *out if they are, 0 if they are not or if there is doubt, -EINVAL if
 * there are no such bytes.
 */
int sites_prove(const struct memory_range *code, const struct functions *functions,
	unsigned long address, struct site *out);

/*
 * Adds the entries that come from far away: gcc moves unlikely parts of functions elsewhere, and
 * they jump back. Reads all of code once. sites must be sorted by address.
 */
void sites_mark_entries(const struct memory_range *code, struct site *sites, unsigned long count);

/*
 * True if a direct jump or call lands on any byte from offset first to offset last, both counted
 * from the syscall. A patch over [start, end) is safe if nothing lands in [start + 1, end - 1].
 */
bool site_entered(const struct site *site, int first, int last);

/* The system call number if it is certainly this constant, else -1. Ask after sites_mark_entries.
 */
long site_number(const struct site *site);

#endif
