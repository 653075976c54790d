#ifndef CORACLE_ARCH_SYSCALL_H
#define CORACLE_ARCH_SYSCALL_H

/* The raw system call of aarch64: number in x8, arguments in x0 to x5, result in x0. */
static inline long raw_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

/* 64-bit programs of this architecture have no gate to the calls of 32-bit ones: -ENOSYS. */
static inline long compat_syscall(long number)
{
	(void)number;
	return -38;
}

#endif
