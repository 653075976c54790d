#ifndef CORACLE_ARCH_MACHINE_H
#define CORACLE_ARCH_MACHINE_H

/* What ELF files and uname(2) call this machine. */
#define MACHINE_NAME "aarch64"
#define MACHINE_ELF EM_AARCH64
#define MACHINE_ELF_32 EM_ARM
#define MACHINE_AUDIT AUDIT_ARCH_AARCH64

/* tpidr_el0 can always be read. */
#define MACHINE_THREAD_POINTER(capabilities) ((unsigned char)((capabilities) >> 63 | 1))

/* The instruction that calls the kernel is that long, and the longest of all. */
enum { MACHINE_PAGE = 4096, MACHINE_CALL_BYTES = 4, MACHINE_LONGEST = 4 };

/* What a program may have put below the top of a new thread's stack: room.h, less a birth record.
 */
enum { MACHINE_BIRTH_GAP = 96 };

#endif
