#ifndef CORACLE_ARCH_TICKS_H
#define CORACLE_ARCH_TICKS_H

/* A clock that costs no system call; only good for bounds. */
static inline unsigned long machine_ticks(void)
{
	unsigned long ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}

/* About 30 ms where it counts at 1 GHz, as from Armv8.6 on; the slower counters are ten times
 * slower. */
enum { MACHINE_TICKS_SHORT = 30 * 1000 * 1000 };

#endif
