#include "intercept/image.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "compat.h"
#include "intercept/index.h"
#include "intercept/guarded.h"
#include "intercept/own.h"
#include "intercept/patch.h"
#include "machine.h"

/* No address of a program lies above. */
#define IMAGE_LIMIT (1UL << 47)

static unsigned long page_down(unsigned long address)
{
	return address & ~(unsigned long)(MACHINE_PAGE - 1);
}

static unsigned long page_up(unsigned long address)
{
	return page_down(address + MACHINE_PAGE - 1);
}

/* A file on its way into memory, and what the index says about it. */
struct source {
	int descriptor;
	int index;
	enum index_answer answer;
	const struct index_code *code; /* for INDEX_CODE */
	bool room;		       /* the stubs' place is reserved */
	bool first_mapped;	       /* with the whole span, as the kernel does it */
};

struct span {
	unsigned long low;
	unsigned long high;
	unsigned long alignment;
	const Elf64_Phdr *first;
	bool has_holes; /* pages between segments that belong to none */
};

static long find_span(const struct elf_head *head, struct span *span)
{
	*span = (struct span){.low = ~0UL, .high = 0, .alignment = MACHINE_PAGE};
	for (size_t i = 0; i < head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &head->segments[i];
		unsigned long end = segment->p_vaddr + segment->p_memsz;

		if (segment->p_type != PT_LOAD)
			continue;
		if (end < segment->p_vaddr || segment->p_filesz > segment->p_memsz ||
			end > IMAGE_LIMIT ||
			((segment->p_vaddr ^ segment->p_offset) & (MACHINE_PAGE - 1)) != 0)
			return -ENOEXEC;
		if (span->first == NULL)
			span->first = segment;
		else if (page_down(segment->p_vaddr) != span->high)
			span->has_holes = true;
		if (segment->p_vaddr < span->low)
			span->low = page_down(segment->p_vaddr);
		if (end > span->high)
			span->high = page_up(end);
		if (segment->p_align > span->alignment &&
			(segment->p_align & (segment->p_align - 1)) == 0)
			span->alignment = segment->p_align;
	}
	return span->low < span->high ? 0 : -ENOEXEC;
}

static int protection_of(const Elf64_Phdr *segment)
{
	return ((segment->p_flags & PF_R) != 0 ? PROT_READ : 0) |
	       ((segment->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
	       ((segment->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/*
 * The first segment, made as long as all of the image: the others then lie over it, and one call is
 * saved. Not for code, whose bytes are not the file's, and not where something would stay bare.
 */
static bool map_span(struct source *source, const struct elf_head *head, const struct span *span,
	unsigned long *bias)
{
	const Elf64_Phdr *first = span->first;
	long got;

	if (elf_is_compat(&head->header) || head->header.e_type == ET_EXEC ||
		span->alignment > MACHINE_PAGE || span->has_holes || (first->p_flags & PF_X) != 0 ||
		page_down(first->p_vaddr) != span->low || first->p_filesz != first->p_memsz ||
		first->p_filesz == 0)
		return false;
	got = sys_mmap(0, span->high - span->low, protection_of(first), MAP_PRIVATE,
		source->descriptor, (long)page_down(first->p_offset));
	if (sys_failed(got))
		return false;
	*bias = (unsigned long)got - span->low;
	source->first_mapped = true;
	return true;
}

/* Keeps the address range free for the segments: where the file says, or anywhere. */
static long reserve(const struct elf_head *head, const struct span *span, unsigned long *bias)
{
	size_t size = span->high - span->low;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	long got;

	if (head->header.e_type == ET_EXEC) {
		got = sys_mmap(span->low, size, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
		*bias = 0;
		/* Kernels before 4.17 take the flag for a hint. */
		if (!sys_failed(got) && (unsigned long)got != span->low)
			return -EEXIST;
		return sys_failed(got) ? got : 0;
	}
	size += span->alignment - MACHINE_PAGE;
	got = elf_is_compat(&head->header) ? compat_reserve(size)
					   : sys_mmap(0, size, PROT_NONE, flags, -1, 0);
	if (sys_failed(got))
		return got;
	*bias = (((unsigned long)got + span->alignment - 1) & ~(span->alignment - 1)) - span->low;
	if (*bias + span->low > (unsigned long)got)
		sys_munmap((unsigned long)got, *bias + span->low - (unsigned long)got);
	got += (long)size;
	if ((unsigned long)got > *bias + span->high)
		sys_munmap(*bias + span->high, (unsigned long)got - (*bias + span->high));
	return 0;
}

/* Memory behind the file's part of a segment reads as zero. */
static const char zeroes[MACHINE_PAGE];

static long map_zeroes(const Elf64_Phdr *segment, unsigned long bias)
{
	unsigned long start = bias + segment->p_vaddr + segment->p_filesz;
	unsigned long end = bias + segment->p_vaddr + segment->p_memsz;
	/* A segment without any bytes in the file has its first page to itself. */
	unsigned long page = segment->p_filesz > 0 ? page_up(start) : page_down(start);
	int protection = protection_of(segment);
	long error = 0;
	long got;

	/* To the end of the page: ld.so takes its first memory from behind its own end. A page that
	 * the file does not reach cannot be written. */
	if (start < page && segment->p_filesz > 0 && (protection & PROT_WRITE) != 0)
		error = guarded_copy((void *)start, zeroes, page - start);
	if (error < 0)
		return error;
	if (page >= end)
		return 0;
	got = sys_mmap(page, page_up(end) - page, protection,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return sys_failed(got) ? got : 0;
}

static long map_bytes(const struct source *source, const struct index_mapping *mapping)
{
	long got = sys_mmap(mapping->address, mapping->length, mapping->protection,
		MAP_PRIVATE | MAP_FIXED, source->descriptor, (long)mapping->offset);

	return sys_failed(got) ? got : 0;
}

static long map_code(const struct source *source, const struct index_mapping *mapping)
{
	long error;

	if (source->answer == INDEX_CODE && index_patch(source->index, mapping, source->room) == 0)
		return 0;
	error = map_bytes(source, mapping);
	if (error == 0 && source->answer != INDEX_PLAIN)
		patch_mapping(mapping->address, mapping->length, mapping->protection,
			source->descriptor, mapping->offset);
	return error;
}

static long map_segment(const struct source *source, const Elf64_Phdr *segment, unsigned long bias)
{
	unsigned long start = page_down(bias + segment->p_vaddr);
	unsigned long end = page_up(bias + segment->p_vaddr + segment->p_filesz);
	struct index_mapping mapping = {
		.code = source->code,
		.address = start,
		.length = end - start,
		.offset = page_down(segment->p_offset),
		.protection = protection_of(segment),
		.original = source->descriptor,
	};
	long error = 0;

	if (segment->p_filesz > 0 && (mapping.protection & PROT_EXEC) != 0)
		error = map_code(source, &mapping);
	else if (segment->p_filesz > 0 && !source->first_mapped)
		error = map_bytes(source, &mapping);
	if (error < 0)
		return error;
	return map_zeroes(segment, bias);
}

static unsigned long headers_at(const struct elf_head *head, unsigned long bias)
{
	for (size_t i = 0; i < head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &head->segments[i];

		if (segment->p_type == PT_PHDR)
			return bias + segment->p_vaddr;
	}
	for (size_t i = 0; i < head->header.e_phnum; i++) {
		const Elf64_Phdr *segment = &head->segments[i];
		unsigned long into = head->header.e_phoff - segment->p_offset;

		if (segment->p_type == PT_LOAD && head->header.e_phoff >= segment->p_offset &&
			into < segment->p_filesz)
			return bias + segment->p_vaddr + into;
	}
	return 0;
}

/* With room for stubs behind the image if there are some, and if there is room. */
static long reserve_all(struct source *source, const struct elf_head *head, const struct span *span,
	unsigned long *bias)
{
	struct span wider = *span;

	source->room = source->answer == INDEX_CODE && source->code->low == span->low &&
		       source->code->high == span->high;
	if (source->room) {
		wider.high += source->code->stubs_length;
		if (map_span(source, head, &wider, bias) || reserve(head, &wider, bias) == 0)
			return 0;
		source->room = false;
	}
	return map_span(source, head, span, bias) ? 0 : reserve(head, span, bias);
}

long image_map(int descriptor, int index, const struct elf_head *head, struct image *image)
{
	struct source source = {.descriptor = descriptor, .index = index};
	struct span span;
	long error = find_span(head, &span);

	if (elf_is_compat(&head->header))
		source.answer = INDEX_PLAIN;
	else
		source.answer =
			index >= 0 ? index_find_open(descriptor, &source.code) : INDEX_UNKNOWN;
	if (error == 0)
		error = reserve_all(&source, head, &span, &image->bias);
	for (size_t i = 0; i < head->header.e_phnum && error == 0; i++) {
		if (head->segments[i].p_type != PT_LOAD)
			continue;
		error = map_segment(&source, &head->segments[i], image->bias);
		source.first_mapped = false;
	}
	image->entry = image->bias + head->header.e_entry;
	image->headers = headers_at(head, image->bias);
	/* A program that begins in the engine would run the engine's code as its own. */
	if (error == 0 && (image->entry >= IMAGE_LIMIT || (image->entry >= own_image().low &&
								  image->entry < own_image().high)))
		error = -EINVAL;
	return error;
}
