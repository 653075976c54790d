#ifndef CORACLE_GUEST_ELF_WIDEN_H
#define CORACLE_GUEST_ELF_WIDEN_H

#include "guest/elf.h"

/*
 * The head of a 32-bit ELF file, whose first bytes have been read, in the form of a 64-bit one, but
 * for what its identification says. 0 or -ENOEXEC.
 */
long elf_widen(int descriptor, struct elf_head *head);

#endif
