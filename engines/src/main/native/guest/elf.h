#ifndef CORACLE_GUEST_ELF_H
#define CORACLE_GUEST_ELF_H

#include <linux/elf.h>

#include "path/view.h"

/* The head of an ELF file: what execve(2) decides by and the loader maps by. (elf(5).) */
enum { ELF_SEGMENTS_MOST = 64 };

struct elf_head {
	Elf64_Ehdr header;
	Elf64_Phdr segments[ELF_SEGMENTS_MOST];
	char interpreter[PATH_BYTES]; /* empty when the program needs none */
};

/*
 * Reads and checks it. 0, or -ENOEXEC: not ELF, not for this machine, or broken; -ELF_32_BIT for a
 * program of the 32-bit sibling of this machine, which an in-process engine cannot run.
 */
enum { ELF_32_BIT = 4095 };
long elf_read_head(int descriptor, struct elf_head *head);

#endif
