#ifndef CORACLE_ARCH_MACHINE_H
#define CORACLE_ARCH_MACHINE_H

/* What ELF files and uname(2) call this machine. */
#define MACHINE_NAME "x86_64"
#define MACHINE_ELF EM_X86_64
#define MACHINE_ELF_32 EM_386
#define MACHINE_AUDIT AUDIT_ARCH_X86_64

/* Of AT_HWCAP2: the kernel lets programs execute rdfsbase (Linux 5.9). */
#define MACHINE_THREAD_POINTER(capabilities) ((unsigned char)((capabilities) >> 1 & 1))

/* The instruction that calls the kernel is that long, and the longest of all. */
enum { MACHINE_PAGE = 4096, MACHINE_CALL_BYTES = 2, MACHINE_LONGEST = 15 };

/* What a program may have put below the top of a new thread's stack. */
enum { MACHINE_BIRTH_GAP = 0 };

#endif
