#include "intercept/patch.h"

#include <linux/errno.h>
#include <linux/mman.h>
#include <asm/unistd.h>

#include "base/sys.h"
#include "cache.h"
#include "extent.h"
#include "instruction.h"
#include "intercept/blocks.h"
#include "intercept/own.h"
#include "machine.h"
#include "room.h"
#include "rules/rule.h"
#include "veneer.h"

/*
 * A system call that the engine wants becomes a branch to a veneer (veneer.h). Where no memory is
 * near enough for one it becomes a trap, and signals.c goes the same way. Veneers are complete and
 * executable before the first branch leads to them, and each site changes by one aligned store, so
 * other threads may be running the code.
 */

extern const char gate_entry[];

_Static_assert(RULES_MOST == 1 << 10, "the veneer's test of the number");
_Static_assert(ROOM == MACHINE_BIRTH_GAP + 32, "gate.S finds a birth record by it");

/*
 * A block: places to change and traps, which are offsets in the code, then the veneers. Branches
 * reach 128 MiB; the rest is for the block's own size and rounding.
 */
enum {
	BLOCK_BYTES = 1 << 20,
	BLOCK_PLAN_BYTES = 1 << 17,
	BLOCK_TRAP_BYTES = 1 << 16,
	REACH = 120 << 20,
	NUMBER_BACK_MOST = 8 /* instructions between setting the number and the call */
};

/* One site to change; no veneer means a trap. */
struct change {
	unsigned offset;
	unsigned word;
};

/* One mapping being patched. */
struct work {
	const struct patch_code *code;
	const unsigned *words;
	size_t count;
	unsigned char *landings; /* a bit for each word: a branch leads there */
	unsigned long block;	 /* 0 before the first site */
	bool far;		 /* there was no room near by */
	struct change *plan;
	size_t planned;
	unsigned *traps;
	size_t trap_count;
	unsigned long veneers; /* where the next one goes */
};

static bool is_near(unsigned long a, unsigned long b)
{
	return (a > b ? a - b : b - a) < REACH;
}

static long map_block(unsigned long hint)
{
	return sys_mmap(hint & ~(unsigned long)(MACHINE_PAGE - 1), BLOCK_BYTES,
		PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Memory that a branch at `site` reaches, on either side of the code; else 0. */
static unsigned long map_near(const struct patch_code *code, unsigned long site)
{
	unsigned long below = code->address - 2 * (unsigned long)BLOCK_BYTES;
	unsigned long above = code->address + code->length + BLOCK_BYTES;

	for (unsigned long distance = 0; distance < REACH; distance += 4UL << 20) {
		unsigned long hints[2] = {below - distance, above + distance};

		for (size_t side = 0; side < 2; side++) {
			long got;

			if (!is_near(hints[side], site))
				continue;
			got = map_block(hints[side]);
			if (!sys_failed(got) && is_near((unsigned long)got, site))
				return (unsigned long)got;
			if (!sys_failed(got))
				sys_munmap((unsigned long)got, BLOCK_BYTES);
		}
	}
	return 0;
}

/* Is there a side of the code from which a branch could reach this site? */
static bool could_reach(const struct patch_code *code, unsigned long site)
{
	return is_near(site, code->address) || is_near(site, code->address + code->length);
}

/* For an index: the veneers' place is given, and the plan lives in memory of its own. */
static void start_in_room(struct work *work, struct patch_room *room)
{
	long got = map_block(0);

	room->changed = true;
	if (sys_failed(got))
		patch_stop("mmap", got);
	work->block = (unsigned long)got;
	work->plan = (struct change *)work->block;
	work->planned = 0;
	work->traps = room->traps + room->trap_count;
	work->trap_count = 0;
	work->veneers = room->stubs;
}

static void start_block(struct work *work, unsigned long site)
{
	if (work->code->room != NULL) {
		start_in_room(work, work->code->room);
		return;
	}
	work->block = map_near(work->code, site);
	work->far = work->block == 0;
	if (work->far) {
		long got = map_block(0);

		if (sys_failed(got))
			patch_stop("mmap", got);
		work->block = (unsigned long)got;
	}
	work->plan = (struct change *)work->block;
	work->planned = 0;
	work->traps = (unsigned *)(work->block + BLOCK_PLAN_BYTES);
	work->trap_count = 0;
	work->veneers = work->block + BLOCK_PLAN_BYTES + BLOCK_TRAP_BYTES;
}

static void change_sites(const struct work *work)
{
	for (size_t i = 0; i < work->planned; i++) {
		unsigned long site = work->code->address + work->plan[i].offset;

		__atomic_store_n((unsigned *)site, work->plan[i].word, __ATOMIC_RELEASE);
		cache_publish(site, site + INSTRUCTION_BYTES);
	}
}

static void finish_in_room(struct work *work, struct patch_room *room)
{
	change_sites(work);
	room->stubs = work->veneers;
	room->trap_count += work->trap_count;
	sys_munmap(work->block, BLOCK_BYTES);
	work->block = 0;
}

/* Makes the veneers executable, leads the sites there, and registers the block. */
static void finish(struct work *work)
{
	const struct patch_code *code = work->code;
	unsigned long used = work->veneers + MACHINE_PAGE - 1;
	unsigned long end = work->block + BLOCK_BYTES;
	long error;

	if (work->block == 0)
		return;
	if (code->room != NULL) {
		finish_in_room(work, code->room);
		return;
	}
	used &= ~(unsigned long)(MACHINE_PAGE - 1);
	if (used < end)
		sys_munmap(used, end - used);
	own_add(work->block, used);
	cache_publish(work->block + BLOCK_PLAN_BYTES + BLOCK_TRAP_BYTES, work->veneers);
	error = sys_mprotect(work->block, used - work->block, PROT_READ | PROT_EXEC);
	if (error == 0)
		error = blocks_add(&(struct block){
			.low = code->address,
			.high = code->address + code->length,
			.traps = work->traps,
			.trap_count = work->trap_count,
			.written = code->written,
			.memory = work->block,
			.memory_size = used - work->block,
		});
	if (error == 0)
		error = sys_mprotect(code->address, code->length, code->changing);
	if (error < 0)
		patch_stop("mprotect", error);
	change_sites(work);
	error = sys_mprotect(code->address, code->length, code->protection);
	if (error < 0)
		patch_stop("mprotect", error);
	work->block = 0;
}

static bool is_room_full(const struct work *work, const struct patch_room *room)
{
	return work->veneers + VENEER_WORDS_MOST * INSTRUCTION_BYTES > room->stubs_end ||
	       room->trap_count + work->trap_count == room->trap_room;
}

static bool is_full(const struct work *work)
{
	return work->veneers + VENEER_WORDS_MOST * INSTRUCTION_BYTES > work->block + BLOCK_BYTES ||
	       (work->planned + 1) * sizeof(struct change) > BLOCK_PLAN_BYTES ||
	       (work->trap_count + 1) * sizeof(unsigned) > BLOCK_TRAP_BYTES;
}

static void prepare(struct work *work, unsigned long site)
{
	bool reaches = work->block != 0 &&
		       (work->far || is_near(work->block, site) || !could_reach(work->code, site));

	if (reaches && !is_full(work))
		return;
	finish(work);
	start_block(work, site);
}

static void make_room(struct work *work, unsigned long site)
{
	struct patch_room *room = work->code->room;

	if (room == NULL) {
		prepare(work, site);
		return;
	}
	if (work->block != 0 && (work->planned + 1) * sizeof(struct change) > BLOCK_PLAN_BYTES)
		finish(work);
	if (work->block == 0)
		start_block(work, site);
	room->full = room->full || is_room_full(work, room);
}

static void plan_site(struct work *work, size_t index, long number)
{
	unsigned long site = work->code->address + index * INSTRUCTION_BYTES;
	struct veneer veneer = {
		.site = site,
		.gate = (unsigned long)gate_entry,
		.pass = number < 0 && !work->code->all ? (unsigned long)rules_pass : 0,
	};
	unsigned offset = (unsigned)(index * INSTRUCTION_BYTES);
	unsigned branch;
	int words;

	make_room(work, site);
	if (work->code->room != NULL && work->code->room->full)
		return;
	veneer.at = work->veneers;
	words = veneer_write(&veneer, (unsigned *)work->veneers);
	branch = instruction_branch(site, work->veneers);
	if (words < 0 || branch == 0) {
		branch = INSTRUCTION_TRAP;
		work->traps[work->trap_count++] = offset;
	} else {
		work->veneers += (unsigned long)words * INSTRUCTION_BYTES;
	}
	work->plan[work->planned++] = (struct change){.offset = offset, .word = branch};
}

static bool is_landing(const struct work *work, size_t index)
{
	return (work->landings[index / 8] >> (index % 8) & 1) != 0;
}

/*
 * The number when it is set by an instruction from which every way leads straight to the call.
 * Compilers merge the ends of functions, so a branch may well lead in between.
 */
static long number_at(const struct work *work, size_t site)
{
	for (size_t back = 1; back <= NUMBER_BACK_MOST && back <= site; back++) {
		unsigned word = work->words[site - back];
		long number;

		if (is_landing(work, site - back + 1))
			return -1;
		number = instruction_number(word);
		if (number >= 0)
			return number;
		if (!instruction_keeps_number(word))
			return -1;
	}
	return -1;
}

static void find_landings(struct work *work)
{
	unsigned long base = work->code->address;

	for (size_t i = 0; i < work->count; i++) {
		unsigned long target;
		size_t index;

		if (!instruction_branches(work->words[i], base + i * INSTRUCTION_BYTES, &target))
			continue;
		index = (target - base) / INSTRUCTION_BYTES;
		if (target >= base && index < work->count)
			work->landings[index / 8] |= (unsigned char)(1U << (index % 8));
	}
}

static size_t next_call(const struct work *work, size_t from)
{
	while (from < work->count && work->words[from] != INSTRUCTION_CALL)
		from++;
	return from;
}

void patch_code(const struct patch_code *code)
{
	struct work work = {
		.code = code,
		.words = (const unsigned *)code->address,
		.count = extent_of_code(code) / INSTRUCTION_BYTES,
	};
	size_t landing_bytes = work.count / 8 + 1;
	long landings;

	if (next_call(&work, 0) == work.count)
		return;
	landings = sys_mmap(0, landing_bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sys_failed(landings))
		patch_stop("mmap", landings);
	work.landings = (unsigned char *)landings;
	find_landings(&work);
	for (size_t i = next_call(&work, 0); i < work.count; i = next_call(&work, i + 1)) {
		long number = number_at(&work, i);

		if (number < 0 || number >= RULES_MOST || rules_pass[number] == 0 ||
			(code->all && number != __NR_rt_sigreturn))
			plan_site(&work, i, number);
	}
	finish(&work);
	sys_munmap((unsigned long)landings, landing_bytes);
}
