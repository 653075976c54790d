#ifndef CORACLE_INTERCEPT_IMAGE_H
#define CORACLE_INTERCEPT_IMAGE_H

#include "guest/elf.h"

/* An ELF file in memory. */
struct image {
	unsigned long bias;    /* what was added to the file's addresses */
	unsigned long entry;   /* address of the first instruction */
	unsigned long headers; /* address of its program headers, 0 if they are not mapped */
};

/*
 * Maps every segment of the file and patches its code, from the index where that knows the file:
 * `index` is a descriptor of it, or negative. 0 or -errno; nothing is undone on failure.
 */
long image_map(int descriptor, int index, const struct elf_head *head, struct image *image);

#endif
