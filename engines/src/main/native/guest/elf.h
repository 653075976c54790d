#ifndef CORACLE_GUEST_ELF_H
#define CORACLE_GUEST_ELF_H

#include <linux/elf.h>
#include <stdbool.h>

#include "path/view.h"

/* The head of an ELF file: what execve(2) decides by and the loader maps by. (elf(5).) */
enum { ELF_SEGMENTS_MOST = 64 };

/* Most files have all of their head in as many bytes. */
enum { ELF_FIRST_BYTES = 1024 };

struct elf_head {
	const char *interpreter; /* empty when the program needs none */
	Elf64_Ehdr header;
	Elf64_Phdr segments[ELF_SEGMENTS_MOST];
	char interpreter_bytes[PATH_BYTES]; /* for one that does not stand in the first bytes */
};

/* Is that the beginning of an ELF file for this machine? The kernel asks no more of an interpreter
 * before it is too late. */
bool elf_is_native(const Elf64_Ehdr *header);

/* The same for its 32-bit sibling. */
bool elf_is_compat(const Elf64_Ehdr *header);

/* Of another machine than this one, as an emulator may run it? Of `length` bytes that were read. */
bool elf_is_foreign(const Elf64_Ehdr *header, long length);

/* "aarch64", as qemu calls its programs; "" for a machine that is not known here. */
const char *elf_machine_name(const Elf64_Ehdr *header);

/* Reads the beginning of a file, ELF_FIRST_BYTES if it has so many: how many, or -errno. */
long elf_read_first(int descriptor, struct elf_head *head);

/*
 * Checks that, and reads the rest. 0, or -ENOEXEC: not ELF, not for this machine, or broken;
 * -ELF_32_BIT for a program of the 32-bit sibling of this machine, which few modes can run
 * (compat.h). Its head is then there too, in the form of 64 bits; without any segments when it is
 * broken.
 */
enum { ELF_32_BIT = 4095 };
long elf_check(int descriptor, struct elf_head *head, long length);

/* Both. */
long elf_read_head(int descriptor, struct elf_head *head);

#endif
