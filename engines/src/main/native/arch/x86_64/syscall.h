#ifndef CORACLE_ARCH_SYSCALL_H
#define CORACLE_ARCH_SYSCALL_H

/*
 * The raw system call of x86_64: number in rax, arguments in rdi rsi rdx r10 r8 r9, result in rax,
 * rcx and r11 destroyed (System V ABI, appendix A.2.1).
 */
static inline long raw_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/*
 * A call by the gate of 32-bit programs: number in eax, no arguments. It may end the process
 * (docs/local-lambda.md), so only a child that nobody misses makes it.
 */
static inline long compat_syscall(long number)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number) : "memory");
	return result;
}

#endif
