#ifndef CORACLE_ARCH_THREAD_H
#define CORACLE_ARCH_THREAD_H

/* What tells the guest's threads apart; only where MACHINE_THREAD_POINTER says so. */
static inline unsigned long machine_thread_pointer(void)
{
	unsigned long base;

	__asm__ volatile("rdfsbase %0" : "=r"(base));
	return base;
}

#endif
