#ifndef CORACLE_ARCH_X86_64_FUNCTIONS_H
#define CORACLE_ARCH_X86_64_FUNCTIONS_H

/*
 * Which function contains an address? Answered from an ELF image's unwind tables (.eh_frame_hdr and
 * .eh_frame), which survive stripping. The bytes come from untrusted files: every read is checked
 * against the ranges given here, and what is not understood is unknown, never guessed.
 */

/* Bytes that can be read at bytes and belong at address; the two may differ, as in a test. */
struct memory_range {
	const unsigned char *bytes;
	unsigned long address;
	unsigned long length;
};

struct functions {
	struct memory_range header; /* .eh_frame_hdr */
	struct memory_range frames; /* .eh_frame, or the readable segment that holds it */
	unsigned long count;	    /* rows of the header's table */
};

struct function {
	unsigned long start;
	unsigned long length;
};

/*
 * Prepares lookups. header is PT_GNU_EH_FRAME; frames may be the whole segment around it. Returns
 * 0, or -EINVAL if the header has no sorted table in the only encoding linkers write.
 */
int functions_open(struct functions *out, const struct memory_range *header,
	const struct memory_range *frames);

/*
 * Finds the function that contains address. Returns 0, -ENOENT if no entry covers the address, or
 * -EINVAL if the entry cannot be understood.
 */
int functions_find(const struct functions *functions, unsigned long address, struct function *out);

/* The first function at or behind an address, and the last that begins before it: 0 or -errno. */
int functions_next(const struct functions *functions, unsigned long address, struct function *out);
int functions_previous(
	const struct functions *functions, unsigned long address, struct function *out);

#endif
