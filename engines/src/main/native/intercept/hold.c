#include "intercept/hold.h"

#include "base/sys.h"

static unsigned held;

/* What is held, or was last. */
static unsigned long low;
static unsigned long high;

void hold_take(unsigned long address, size_t length)
{
	while (__atomic_exchange_n(&held, 1, __ATOMIC_ACQUIRE) != 0)
		sys_sched_yield();
	__atomic_store_n(&low, address, __ATOMIC_RELAXED);
	__atomic_store_n(&high, address + length, __ATOMIC_RELEASE);
}

void hold_drop(void)
{
	__atomic_store_n(&held, 0, __ATOMIC_RELEASE);
}

bool hold_waited(unsigned long address)
{
	unsigned long end = __atomic_load_n(&high, __ATOMIC_ACQUIRE);

	if (address < __atomic_load_n(&low, __ATOMIC_RELAXED) || address >= end)
		return false;
	while (__atomic_load_n(&held, __ATOMIC_ACQUIRE) != 0)
		sys_sched_yield();
	return true;
}

void hold_forget(unsigned long address, size_t length)
{
	if (__atomic_load_n(&high, __ATOMIC_ACQUIRE) <= address ||
		__atomic_load_n(&low, __ATOMIC_RELAXED) >= address + length)
		return;
	hold_take(0, 0);
	hold_drop();
}

void hold_in_child(void)
{
	hold_drop();
}
