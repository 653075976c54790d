#ifndef CORACLE_ARCH_TICKS_H
#define CORACLE_ARCH_TICKS_H

/* A clock that costs no system call; only good for bounds, for nobody says how fast it is. */
static inline unsigned long machine_ticks(void)
{
	unsigned low;
	unsigned high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (unsigned long)high << 32 | low;
}

/* About 30 ms: processors count between 2 and 5 GHz. */
enum { MACHINE_TICKS_SHORT = 100 * 1000 * 1000 };

#endif
