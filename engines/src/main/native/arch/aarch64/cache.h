#ifndef CORACLE_ARCH_AARCH64_CACHE_H
#define CORACLE_ARCH_AARCH64_CACHE_H

/*
 * Makes code that was just written visible to instruction fetches: out of the data cache, then
 * forgotten by the instruction caches of all processors. (Arm ARM, B2.4.4.)
 */
static inline void cache_publish(unsigned long from, unsigned long to)
{
	unsigned long type;
	unsigned long data;
	unsigned long code;

	__asm__("mrs %0, ctr_el0" : "=r"(type));
	data = 4UL << (type >> 16 & 15);
	code = 4UL << (type & 15);
	for (unsigned long line = from & ~(data - 1); line < to; line += data)
		__asm__ volatile("dc cvau, %0" : : "r"(line) : "memory");
	__asm__ volatile("dsb ish" : : : "memory");
	for (unsigned long line = from & ~(code - 1); line < to; line += code)
		__asm__ volatile("ic ivau, %0" : : "r"(line) : "memory");
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

#endif
