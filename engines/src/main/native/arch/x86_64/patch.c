#include "intercept/patch.h"

#include <linux/errno.h>
#include <linux/mman.h>
#include <asm/unistd.h>

#include "base/mem.h"
#include "base/sys.h"
#include "context.h"
#include "intercept/blocks.h"
#include "intercept/own.h"
#include "linear.h"
#include "machine.h"
#include "pads.h"
#include "rules/rule.h"
#include "sites.h"
#include "stub.h"
#include "surroundings.h"

/*
 * Three shapes of patch. Where the instruction before the system call has room for a jump, that
 * goes to a stub (stub.h), and a trap takes the place of the system call in case something jumps
 * straight to it. Elsewhere the system call becomes a short jump to padding that holds the jump to
 * the stub (pads.h). Where there is none the system call alone becomes a trap; signals.c turns that
 * into the same way.
 */

enum { BLOCK_BYTES = 1 << 20, NEAR = 0x7f000000 };

/* One mapping being patched. */
struct work {
	struct memory_range code;
	const struct functions *functions;
	const struct patch_code *wanted;
	bool writable;
	unsigned char *stubs; /* where the next stub goes; NULL when nothing is near enough */
	unsigned char *stubs_end;
	unsigned char *stubs_page; /* the block as mapped */
	unsigned *traps;
	size_t trap_count;
	size_t trap_room;
};

static bool is_near(unsigned long a, unsigned long b)
{
	return a - b < NEAR || b - a < NEAR;
}

/* Free memory from which a 32-bit jump reaches all of the code, or 0. */
static unsigned long map_near(const struct memory_range *code)
{
	unsigned long below = code->address - 2 * (unsigned long)BLOCK_BYTES;
	unsigned long above = code->address + code->length + BLOCK_BYTES;

	for (unsigned long distance = 0; distance < NEAR / 2; distance += 64UL << 20) {
		for (unsigned side = 0; side < 2; side++) {
			unsigned long hint = side == 0 ? below - distance : above + distance;
			long got;

			hint &= ~(unsigned long)(MACHINE_PAGE - 1);
			got = sys_mmap(hint, BLOCK_BYTES, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
			if (sys_failed(got))
				return 0;
			if (is_near((unsigned long)got, code->address) &&
				is_near((unsigned long)got, code->address + code->length))
				return (unsigned long)got;
			sys_munmap((unsigned long)got, BLOCK_BYTES);
		}
	}
	return 0;
}

/* For an index: the code can be written already, and the stubs' place is given. */
static void prepare_room(struct work *work, struct patch_room *room)
{
	room->changed = true;
	work->writable = true;
	work->stubs = (unsigned char *)room->stubs;
	work->stubs_end = (unsigned char *)room->stubs_end;
	work->traps = room->traps + room->trap_count;
	work->trap_room = room->trap_room - room->trap_count;
}

static void finish_room(struct work *work, struct patch_room *room)
{
	room->stubs = (unsigned long)work->stubs;
	room->trap_count += work->trap_count;
	work->writable = false;
	work->trap_count = 0;
}

/* The first site that must change makes the code writable and finds room for stubs. */
static void prepare(struct work *work)
{
	unsigned long block;
	long error;

	if (work->writable)
		return;
	if (work->wanted->room != NULL) {
		prepare_room(work, work->wanted->room);
		return;
	}
	error = sys_mprotect(work->code.address, work->code.length, work->wanted->changing);
	if (error < 0)
		patch_stop("mprotect", error);
	work->writable = true;
	block = map_near(&work->code);
	if (block == 0)
		patch_stop("no memory near it", -ENOMEM);
	work->stubs_page = (unsigned char *)block;
	work->traps = (unsigned *)block;
	work->trap_room = BLOCK_BYTES / 8 / sizeof(unsigned);
	work->stubs = work->stubs_page + BLOCK_BYTES / 8;
	work->stubs_end = work->stubs_page + BLOCK_BYTES;
}

/* Gives back what was not used, makes the stubs executable, and registers the block. */
static void finish(struct work *work)
{
	unsigned long used = (unsigned long)work->stubs + MACHINE_PAGE - 1;
	unsigned long end = (unsigned long)work->stubs_end;
	unsigned long first = (unsigned long)work->stubs_page;
	long error;

	if (!work->writable)
		return;
	if (work->wanted->room != NULL) {
		finish_room(work, work->wanted->room);
		return;
	}
	used &= ~(unsigned long)(MACHINE_PAGE - 1);
	if (used < end)
		sys_munmap(used, end - used);
	error = sys_mprotect(first, used - first, PROT_READ | PROT_EXEC);
	if (error == 0)
		error = sys_mprotect(
			work->code.address, work->code.length, work->wanted->protection);
	if (error < 0)
		patch_stop("mprotect", error);
	own_add(first, used);
	error = blocks_add(&(struct block){
		.low = work->code.address,
		.high = work->code.address + work->code.length,
		.traps = work->traps,
		.trap_count = work->trap_count,
		.written = work->wanted->written,
		.memory = first,
		.memory_size = used - first,
	});
	if (error < 0)
		patch_stop("too many mappings", error);
	work->writable = false;
	work->trap_count = 0;
}

static void write_trap(struct work *work, unsigned long site, const unsigned char *trap)
{
	memcpy((unsigned char *)site, trap, MACHINE_CALL_BYTES);
	work->traps[work->trap_count++] = (unsigned)(site - work->code.address);
}

static bool passes(long number)
{
	return number >= 0 && number < RULES_MOST && rules_pass[number] != 0;
}

/* By the gate there is no way back through a signal's frame. */
static bool is_wanted(const struct work *work, long number)
{
	return work->wanted->all ? number != __NR_rt_sigreturn : !passes(number);
}

static bool is_full(const struct work *work)
{
	return work->stubs + STUB_BYTES_MOST > work->stubs_end ||
	       work->trap_count == work->trap_room;
}

/* For one more site. What does not fit a given room is of no use, so it stays as it is. */
static bool make_place(struct work *work)
{
	prepare(work);
	if (!is_full(work))
		return true;
	if (work->wanted->room != NULL) {
		work->wanted->room->full = true;
		return false;
	}
	finish(work);
	prepare(work);
	return true;
}

static void patch_site(struct work *work, struct stub_site *place)
{
	static const unsigned char trap[] = {0x0f, 0x0b}; /* ud2 */
	unsigned char to_pad[] = {PAD_JUMP, 0};

	if (place->start == place->site && work->wanted->traced &&
		pads_find(&work->code, work->functions, place->site) == 0)
		return;
	if (!make_place(work))
		return;
	if (place->start == place->site && !work->wanted->written) {
		place->jump = pads_find(&work->code, work->functions, place->site);
		to_pad[1] = (unsigned char)(place->jump - (place->site + sizeof(to_pad)));
		if (place->jump != 0 && stub_write(&work->stubs, place) == 0) {
			write_trap(work, place->site, to_pad);
			return;
		}
	} else if (place->start != place->site) {
		place->jump = place->start;
		stub_write(&work->stubs, place);
	}
	if (!work->wanted->traced)
		write_trap(work, place->site, trap);
}

/* Where no function is known: the neighbourhood decides (consensus.h). */
static bool prove_by_surroundings(
	const struct work *work, unsigned long address, struct linear_site *found)
{
	struct site site;

	if (sites_prove(&work->code, work->functions, address, &site) <= 0)
		return false;
	*found = (struct linear_site){.number = site_number(&site)};
	if (site.before_count > 0) {
		found->before = address - site.before[0].length;
		found->rip_relative = site.before[0].rip_relative;
	}
	return true;
}

/* The number when it is set earlier, and nothing in all of the code leads in between; or -1. */
static long look_around(const struct work *work, unsigned long address)
{
	struct site site;

	if (sites_prove(&work->code, work->functions, address, &site) <= 0)
		return -1;
	sites_mark_entries(&work->code, &site, 1);
	return site_number(&site);
}

/* In a few bytes that the guest wrote there is no neighbourhood; a number right before will do. */
static bool prove_by_number(
	const struct work *work, unsigned long address, struct linear_site *found)
{
	if (!work->wanted->written ||
		!surroundings_follow_number(&work->code, address - work->code.address))
		return false;
	*found = (struct linear_site){.number = -1};
	return true;
}

/*
 * int $0x80 and sysenter make 32-bit calls, which have numbers and paths of their own. No guest
 * gets there: the first answers ENOSYS, as if this kernel had no such calls, and the second is the
 * illegal instruction that it is on the processors of the maker who defined this mode.
 */
static void patch_old_call(struct work *work, unsigned long site, enum site_kind kind)
{
	static const unsigned char answer[] = {CONTEXT_REFUSED, 0x80};
	static const unsigned char illegal[] = {
		0x0f, 0x0b}; /* ud2, which is in no table of traps */

	if (work->wanted->traced || !make_place(work))
		return;
	if (kind == SITE_INTERRUPT)
		write_trap(work, site, answer);
	else
		memcpy((unsigned char *)site, illegal, sizeof(illegal));
}

static void patch_candidate(struct work *work, struct linear_cursor *cursor, unsigned long address)
{
	enum site_kind kind = sites_kind((const unsigned char *)address);
	struct stub_site place = {.site = address, .start = address};
	struct linear_site found;
	enum linear_answer answer =
		linear_prove(cursor, &work->code, work->functions, address, &found);

	if (answer == LINEAR_NO)
		return;
	if (answer == LINEAR_UNKNOWN && !prove_by_surroundings(work, address, &found) &&
		!prove_by_number(work, address, &found))
		return;
	if (kind != SITE_SYSCALL) {
		patch_old_call(work, address, kind);
		linear_step_over(cursor, address, MACHINE_CALL_BYTES);
		return;
	}
	if (!is_wanted(work, found.number))
		return;
	place.number = found.number;
	place.all = work->wanted->all;
	/* Whoever writes code may change it again, at places that only the writer knows. */
	if (!work->wanted->written && found.before != 0 &&
		address - found.before >= STUB_JUMP_BYTES) {
		place.start = found.before;
		place.rip_relative = found.rip_relative;
	}
	/* Better than a trap is to leave it alone, and for an index there is time to find out. */
	if (place.start == place.site && work->wanted->room != NULL &&
		pads_find(&work->code, work->functions, address) == 0 &&
		passes(look_around(work, address)))
		return;
	patch_site(work, &place);
}

static struct memory_range range_of(const struct patch_table *table)
{
	return (struct memory_range){
		.bytes = table->bytes, .address = table->address, .length = table->length};
}

void patch_code(const struct patch_code *code)
{
	struct memory_range header = range_of(&code->unwind);
	struct memory_range frames = range_of(&code->segment);
	struct work work = {.wanted = code};
	struct linear_cursor cursor = {.end = 0};
	struct functions functions;
	unsigned long offset;

	work.code.address = code->address;
	work.code.bytes = (const unsigned char *)code->address;
	work.code.length = code->length;
	if (header.length > 0 && functions_open(&functions, &header, &frames) == 0)
		work.functions = &functions;
	for (offset = sites_next(&work.code, 0); offset < work.code.length;
		offset = sites_next(&work.code, offset + 2))
		patch_candidate(&work, &cursor, code->address + offset);
	finish(&work);
}
