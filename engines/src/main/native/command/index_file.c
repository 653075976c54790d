#include "command/index_file.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/patch.h"
#include "machine.h"

/*
 * One file on its way into the index: its code is mapped as a program would have it, but writable,
 * patched with the stubs behind the image, and what has changed is copied.
 */

enum {
	STUBS_MOST = 16 << 20,
	TRAPS_MOST = 1 << 19,
	/* Fewer unchanged bytes than these between changed pages are not worth a mapping. */
	GAP_BYTES = 1 << 18
};

#define SPAN_MOST (1UL << 31)

struct work {
	struct builder *builder;
	const unsigned char *bytes;
	unsigned long size;
	const struct elf_head *head;
	struct index_code code;
	unsigned long memory; /* where `code.low` lies */
	struct patch_room room;
};

/* One file at a time. */
static struct work work;
static unsigned traps[TRAPS_MOST];

static unsigned long page_down(unsigned long at)
{
	return at & ~(unsigned long)(MACHINE_PAGE - 1);
}

static unsigned long page_up(unsigned long at)
{
	return page_down(at + MACHINE_PAGE - 1);
}

static bool is_code(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
	       segment->p_filesz > 0;
}

/* -EOPNOTSUPP: nothing wrong with it, but it is left to F1. */
static long find_segments(void)
{
	struct index_code *code = &work.code;

	*code = (struct index_code){.low = ~0UL};
	for (size_t i = 0; i < work.head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &work.head->segments[i];
		unsigned long end = segment->p_vaddr + segment->p_memsz;

		if (segment->p_type != PT_LOAD)
			continue;
		if (end < segment->p_vaddr || segment->p_offset > work.size ||
			segment->p_filesz > work.size - segment->p_offset ||
			((segment->p_vaddr ^ segment->p_offset) & (MACHINE_PAGE - 1)) != 0)
			return -EOPNOTSUPP;
		if (page_down(segment->p_vaddr) < code->low)
			code->low = page_down(segment->p_vaddr);
		if (page_up(end) > code->high)
			code->high = page_up(end);
		if (is_code(segment) && ++code->segment_count > INDEX_SEGMENTS_MOST)
			return -EOPNOTSUPP;
	}
	if (code->segment_count > 0 && code->high - code->low > SPAN_MOST)
		return -EOPNOTSUPP;
	return 0;
}

static long map_all(int file)
{
	unsigned long span = work.code.high - work.code.low;
	long got = sys_mmap(0, span + STUBS_MOST, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (sys_failed(got))
		return got;
	work.memory = (unsigned long)got;
	work.room = (struct patch_room){
		.stubs = work.memory + span,
		.stubs_end = work.memory + span + STUBS_MOST,
		.traps = traps,
		.trap_room = TRAPS_MOST,
		.all = work.builder->all,
	};
	for (size_t i = 0; i < work.head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &work.head->segments[i];
		unsigned long at = work.memory + page_down(segment->p_vaddr) - work.code.low;
		unsigned long offset = page_down(segment->p_offset);

		if (!is_code(segment))
			continue;
		got = sys_mmap(at, page_up(segment->p_offset + segment->p_filesz) - offset,
			PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, (long)offset);
		if (sys_failed(got))
			return got;
	}
	return 0;
}

static void unmap_all(void)
{
	sys_munmap(work.memory, work.code.high - work.code.low + STUBS_MOST);
}

static bool is_changed(const unsigned char *patched, unsigned long offset)
{
	unsigned long length =
		work.size - offset < MACHINE_PAGE ? work.size - offset : MACHINE_PAGE;

	return memcmp(patched, work.bytes + offset, length) != 0;
}

/* Takes a page into the last run of the segment, or begins one. */
static void take_page(struct index_segment *segment, unsigned long offset)
{
	struct index_code *code = &work.code;
	unsigned long from = segment->offset;
	struct index_run *last = NULL;

	if (segment->run_count > 0) {
		last = &code->runs[code->run_count - 1];
		from = last->offset + last->length;
	}
	if (offset - from <= GAP_BYTES || (last != NULL && code->run_count == INDEX_RUNS_MOST)) {
		if (last == NULL) {
			last = &code->runs[code->run_count++];
			*last = (struct index_run){.offset = from};
			segment->run_count = 1;
		}
	} else {
		last = &code->runs[code->run_count++];
		*last = (struct index_run){.offset = offset};
		segment->run_count++;
	}
	last->length = offset + MACHINE_PAGE - last->offset;
}

static void find_runs(struct index_segment *segment, const unsigned char *patched)
{
	struct index_run *last;
	unsigned long end = segment->offset + segment->length;

	segment->first_run = work.code.run_count;
	for (unsigned long at = 0; at < segment->length; at += MACHINE_PAGE) {
		if (is_changed(patched + at, segment->offset + at))
			take_page(segment, segment->offset + at);
	}
	if (segment->run_count == 0)
		return;
	last = &work.code.runs[work.code.run_count - 1];
	if (end - (last->offset + last->length) <= GAP_BYTES)
		last->length = end - last->offset;
}

static long write_runs(const struct index_segment *segment, const unsigned char *patched)
{
	for (size_t i = 0; i < segment->run_count; i++) {
		struct index_run *run = &work.code.runs[segment->first_run + i];
		long error;

		run->at = work.builder->at;
		error = builder_append(
			work.builder, patched + (run->offset - segment->offset), run->length);
		if (error < 0)
			return error;
	}
	return 0;
}

static long patch_one(const Elf64_Phdr *from, struct index_segment *segment)
{
	unsigned long offset = page_down(from->p_offset);
	unsigned long memory = work.memory + page_down(from->p_vaddr) - work.code.low;

	*segment = (struct index_segment){
		.address = page_down(from->p_vaddr),
		.offset = offset,
		.length = page_up(from->p_offset + from->p_filesz) - offset,
		.first_trap = (unsigned)work.room.trap_count,
	};
	patch_segment_into(work.bytes, work.size, from, memory, &work.room);
	segment->trap_count = (unsigned)work.room.trap_count - segment->first_trap;
	if (work.room.full || work.code.run_count == INDEX_RUNS_MOST)
		return -EOPNOTSUPP;
	if (!work.room.changed)
		return 0;
	find_runs(segment, (const unsigned char *)memory);
	return write_runs(segment, (const unsigned char *)memory);
}

static long write_stubs(void)
{
	unsigned long first = work.memory + (work.code.high - work.code.low);
	unsigned long used = (work.room.stubs - first + 7) & ~7UL;
	unsigned long trap_bytes = work.room.trap_count * sizeof(traps[0]);

	if (used + trap_bytes > STUBS_MOST)
		return -EOPNOTSUPP;
	memcpy((void *)(first + used), traps, trap_bytes);
	work.code.traps = used;
	work.code.stubs = work.builder->at;
	work.code.stubs_length = page_up(used + trap_bytes);
	return builder_append(work.builder, (const void *)first, work.code.stubs_length);
}

/* Two segments on one page would each be patched over the other. */
static bool is_apart(const struct index_segment *segment, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct index_segment *other = &work.code.segments[i];

		if (segment->offset < other->offset + other->length &&
			other->offset < segment->offset + segment->length)
			return false;
	}
	return true;
}

static long patch_all(void)
{
	size_t count = 0;

	for (size_t i = 0; i < work.head->header.e_phnum; i++) {
		long error;

		if (!is_code(&work.head->segments[i]))
			continue;
		error = patch_one(&work.head->segments[i], &work.code.segments[count]);
		if (error == 0 && !is_apart(&work.code.segments[count], count))
			error = -EOPNOTSUPP;
		if (error < 0)
			return error;
		count++;
	}
	return work.code.run_count > 0 ? write_stubs() : 0;
}

static long patch_mapped(int file, const unsigned char *bytes, unsigned long size)
{
	unsigned long before = work.builder->at;
	long error;

	work.bytes = bytes;
	work.size = size;
	error = find_segments();
	if (error < 0 || work.code.segment_count == 0)
		return error;
	error = map_all(file);
	if (error == 0)
		error = patch_all();
	unmap_all();
	if (error < 0)
		work.builder->at = before;
	return error < 0 ? error : work.code.run_count > 0;
}

long index_file_patch(struct builder *builder, int file, unsigned long size,
	const struct elf_head *head, struct index_code *code)
{
	long mapped = sys_mmap(0, size, PROT_READ, MAP_PRIVATE, file, 0);
	long result;

	if (sys_failed(mapped))
		return mapped;
	work.builder = builder;
	work.head = head;
	result = patch_mapped(file, (const unsigned char *)mapped, size);
	sys_munmap((unsigned long)mapped, size);
	*code = work.code;
	return result;
}
