#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/resource.h>

#include "base/mem.h"
#include "base/sys.h"
#include "compat.h"
#include "gate.h"
#include "guest/auxiliary.h"
#include "intercept/own.h"
#include "intercept/signals.h"
#include "intercept/slot.h"
#include "intercept/trapping.h"
#include "machine.h"
#include "rules/numbers.h"
#include "syscall.h"

/*
 * The first stack of a 32-bit program, with what the kernel has written on the engine's.
 * (fs/binfmt_elf.c, create_elf_tables.)
 */

enum { NARROW_MMAP2 = 192, RANDOM_BYTES = 16, STACK_LEAST = 1 << 20, STACK_MOST = 64 << 20 };

/* Where the kernel would have it end, in a process of 32 bits; and by how many pages it may differ.
 */
static const unsigned long stack_top = 0xffffd000;
static const unsigned random_pages = 0x7ff;

static const unsigned long compat_end = 1UL << 32;

/* linux/prctl.h of older systems lacks it. Off, where it has never been on: -EINVAL at most. */
static const int set_dispatch = 59;

static const unsigned only_ask = 0xffffffff;

/* From then on the tracer treats this process as one, so it is asked first whether there is one. */
long compat_check(void)
{
	long error;

	compat_on = 1;
	error = trapping_is_seen();
	if (error < 0)
		return error;
	/* What is dispatched is asked for by code of 64 bits (docs/p-engine.md). */
	sys_prctl(set_dispatch, 0, 0);
	return guarded_try_compat() > 0 ? 0 : -ENOSYS;
}

long compat_reserve(size_t size)
{
	const unsigned long argument[6] = {
		0, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, (unsigned)-1, 0};
	unsigned long got = (unsigned)compat_call(NARROW_MMAP2, argument);

	return got >= (unsigned)-MACHINE_PAGE ? (long)(int)got : (long)got;
}

static size_t stack_bytes(void)
{
	struct rlimit limit = {.rlim_cur = 0};
	size_t bytes = STACK_MOST;

	if (raw_syscall(__NR_getrlimit, RLIMIT_STACK, (long)&limit, 0, 0, 0, 0) == 0 &&
		limit.rlim_cur < STACK_MOST)
		bytes = limit.rlim_cur & ~(unsigned long)(MACHINE_PAGE - 1);
	return bytes < STACK_LEAST ? STACK_LEAST : bytes;
}

static long map_stack(bool executable, size_t bytes)
{
	int protection = PROT_READ | PROT_WRITE | (executable ? PROT_EXEC : 0);
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
	unsigned long below = 0;
	unsigned long wanted;
	long got;

	/* Without it the place is not random, and just as good. */
	if ((sys_personality(only_ask) & ADDR_NO_RANDOMIZE) == 0)
		(void)sys_getrandom(&below, sizeof(below));
	wanted = stack_top - (below & random_pages) * MACHINE_PAGE - bytes;
	got = sys_mmap(wanted, bytes, protection, flags | MAP_FIXED_NOREPLACE, -1, 0);
	if (!sys_failed(got) && (unsigned long)got == wanted)
		return got;
	if (!sys_failed(got))
		sys_munmap((unsigned long)got, bytes);
	got = compat_reserve(bytes);
	return sys_failed(got) || sys_mprotect((unsigned long)got, bytes, protection) == 0
		       ? got
		       : -ENOMEM;
}

/* Grows down. */
struct pile {
	unsigned long low;
	unsigned long at;
	bool full;
};

static unsigned long put(struct pile *pile, const void *bytes, size_t size)
{
	if (size > pile->at - pile->low) {
		pile->full = true;
		return 0;
	}
	pile->at -= size;
	memcpy((void *)pile->at, bytes, size);
	return pile->at;
}

static unsigned long put_string(struct pile *pile, unsigned long string)
{
	const char *text = (const char *)string;

	return text == NULL ? 0 : put(pile, text, strlen(text) + 1);
}

/* A list of strings up to its NULL: they are copied in place of the list's own pointers. */
static size_t put_strings(struct pile *pile, unsigned long *strings)
{
	size_t count = 0;

	while (strings[count] != 0)
		count++;
	for (size_t i = count; i > 0; i--)
		strings[i - 1] = put_string(pile, strings[i - 1]);
	return count;
}

struct narrow_entry {
	unsigned type;
	unsigned value;
};

/* Of the 64-bit vector; what it points to is copied. Into auxiliary_kept, as /proc shows it. */
static size_t put_vector(struct pile *pile, const struct auxiliary_entry *from)
{
	struct narrow_entry *to = (struct narrow_entry *)(void *)auxiliary_kept.entries;
	size_t count = 0;
	bool last = false;

	for (; !last && count < AUXILIARY_MOST; from++) {
		unsigned long value = from->value;

		last = from->type == AT_NULL;
		/* It is code of 64 bits. */
		if (from->type == AT_SYSINFO_EHDR)
			continue;
		if (from->type == AT_EXECFN)
			value = put_string(pile, value);
		else if (from->type == AT_PLATFORM)
			value = put_string(pile, (unsigned long)"i686");
		else if (from->type == AT_BASE_PLATFORM)
			value = put_string(pile, value);
		else if (from->type == AT_RANDOM)
			value = put(pile, (const void *)value, RANDOM_BYTES);
		else if (from->type == AT_PHENT)
			value = sizeof(Elf32_Phdr);
		to[count++] = (struct narrow_entry){(unsigned)from->type, (unsigned)value};
	}
	auxiliary_kept.count = (count + 1) / 2;
	return count;
}

static void put_word(unsigned **at, unsigned long word)
{
	*(*at)++ = (unsigned)word;
}

static void put_words(unsigned **at, const unsigned long *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_word(at, words[i]);
	put_word(at, 0);
}

long compat_start(const struct compat_program *program)
{
	size_t bytes = stack_bytes();
	long low = map_stack(program->executable_stack, bytes);
	struct pile pile = {
		.low = (unsigned long)low, .at = (unsigned long)low + bytes - sizeof(unsigned)};
	unsigned long *arguments = program->stack + 1;
	unsigned long *variables = arguments + program->stack[0] + 1;
	size_t entries;
	size_t argument_count;
	size_t variable_count;
	size_t words;
	unsigned *at;

	if (sys_failed(low))
		return low;
	variable_count = put_strings(&pile, variables);
	argument_count = put_strings(&pile, arguments);
	entries = put_vector(&pile, program->vector);
	words = 1 + argument_count + 1 + variable_count + 1 + 2 * entries;
	if (pile.full || words * sizeof(unsigned) + 64 > pile.at - pile.low)
		return -E2BIG;
	pile.at = (pile.at - words * sizeof(unsigned)) & ~15UL;
	at = (unsigned *)pile.at;
	put_word(&at, argument_count);
	put_words(&at, arguments, argument_count);
	put_words(&at, variables, variable_count);
	memcpy(at, auxiliary_kept.entries, entries * sizeof(struct narrow_entry));
	/* A thread pointer of 64 bits tells nothing of these threads. */
	slot_has_thread_pointer = 0;
	/* What lies beyond its reach is the engine's: the kernel's first stack, vdso and vsyscall.
	 */
	own_add(compat_end, ~0UL);
	signals_give_back();
	compat_begin(program->entry, pile.at);
}
