#include "intercept/image.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/patch.h"
#include "machine.h"

static unsigned long page_down(unsigned long address)
{
	return address & ~(unsigned long)(MACHINE_PAGE - 1);
}

static unsigned long page_up(unsigned long address)
{
	return page_down(address + MACHINE_PAGE - 1);
}

struct span {
	unsigned long low;
	unsigned long high;
	unsigned long alignment;
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
			end > 1UL << 47 ||
			((segment->p_vaddr ^ segment->p_offset) & (MACHINE_PAGE - 1)) != 0)
			return -ENOEXEC;
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
	got = sys_mmap(0, size + span->alignment - MACHINE_PAGE, PROT_NONE, flags, -1, 0);
	if (sys_failed(got))
		return got;
	*bias = (((unsigned long)got + span->alignment - 1) & ~(span->alignment - 1)) - span->low;
	if (*bias + span->low > (unsigned long)got)
		sys_munmap((unsigned long)got, *bias + span->low - (unsigned long)got);
	got += (long)(size + span->alignment - MACHINE_PAGE);
	if ((unsigned long)got > *bias + span->high)
		sys_munmap(*bias + span->high, (unsigned long)got - (*bias + span->high));
	return 0;
}

static int protection_of(const Elf64_Phdr *segment)
{
	return ((segment->p_flags & PF_R) != 0 ? PROT_READ : 0) |
	       ((segment->p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
	       ((segment->p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/* Memory behind the file's part of a segment reads as zero. */
static long map_zeroes(const Elf64_Phdr *segment, unsigned long bias)
{
	unsigned long start = bias + segment->p_vaddr + segment->p_filesz;
	unsigned long end = bias + segment->p_vaddr + segment->p_memsz;
	/* A segment without any bytes in the file has its first page to itself. */
	unsigned long page = segment->p_filesz > 0 ? page_up(start) : page_down(start);
	int protection = protection_of(segment);
	long got;

	/* To the end of the page: ld.so takes its first memory from behind its own end. */
	if (start < page && segment->p_filesz > 0 && (protection & PROT_WRITE) != 0)
		memset((void *)start, 0, page - start);
	if (page >= end)
		return 0;
	got = sys_mmap(page, page_up(end) - page, protection,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return sys_failed(got) ? got : 0;
}

static long map_segment(int descriptor, const Elf64_Phdr *segment, unsigned long bias)
{
	unsigned long start = page_down(bias + segment->p_vaddr);
	unsigned long end = page_up(bias + segment->p_vaddr + segment->p_filesz);
	unsigned long offset = page_down(segment->p_offset);
	int protection = protection_of(segment);
	long got;

	if (segment->p_filesz > 0) {
		got = sys_mmap(start, end - start, protection, MAP_PRIVATE | MAP_FIXED, descriptor,
			(long)offset);
		if (sys_failed(got))
			return got;
		if ((protection & PROT_EXEC) != 0)
			patch_mapping(start, end - start, protection, descriptor, offset);
	}
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

long image_map(int descriptor, const struct elf_head *head, struct image *image)
{
	struct span span;
	long error = find_span(head, &span);

	if (error == 0)
		error = reserve(head, &span, &image->bias);
	for (size_t i = 0; i < head->header.e_phnum && error == 0; i++) {
		if (head->segments[i].p_type == PT_LOAD)
			error = map_segment(descriptor, &head->segments[i], image->bias);
	}
	image->entry = image->bias + head->header.e_entry;
	image->headers = headers_at(head, image->bias);
	return error;
}
