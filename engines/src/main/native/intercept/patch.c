#include "intercept/patch.h"

#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "intercept/blocks.h"
#include "intercept/guarded.h"
#include "intercept/trapping.h"
#include "machine.h"

/* Finds the code in what was mapped, and the tables that tell where its functions begin. */

void patch_stop(const char *what, long error)
{
	report_error("cannot guard the guest's code:", what, error);
	sys_exit_group(EXIT_ENGINE);
}

/* A file being looked at: its bytes, mapped for a moment, and where the kernel put its segments. */
struct file_view {
	const unsigned char *bytes;
	size_t size;
	unsigned long address; /* of the mapping being patched */
	size_t length;
	unsigned long offset; /* in the file */
	int protection;
	const Elf64_Ehdr *header;
	struct patch_room *room;
};

static const Elf64_Phdr *segment_at(const struct file_view *file, size_t index)
{
	const unsigned char *at = file->bytes + file->header->e_phoff;

	return (const Elf64_Phdr *)(const void *)(at + index * sizeof(Elf64_Phdr));
}

static bool is_elf(struct file_view *file)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)file->bytes;

	file->header = header;
	return file->size >= sizeof(*header) && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_phentsize == sizeof(Elf64_Phdr) && header->e_phoff < file->size &&
	       header->e_phnum <= (file->size - header->e_phoff) / sizeof(Elf64_Phdr) &&
	       header->e_phoff % 8 == 0;
}

static bool holds(const Elf64_Phdr *outer, const Elf64_Phdr *inner, size_t file_size)
{
	return outer->p_type == PT_LOAD && outer->p_offset <= file_size &&
	       outer->p_filesz <= file_size - outer->p_offset &&
	       inner->p_offset >= outer->p_offset &&
	       inner->p_offset - outer->p_offset <= outer->p_filesz &&
	       inner->p_filesz <= outer->p_filesz - (inner->p_offset - outer->p_offset);
}

/* The unwind tables, at the addresses that they have for the running code. */
static void find_tables(const struct file_view *file, unsigned long bias, struct patch_code *code)
{
	for (size_t i = 0; i < file->header->e_phnum; i++) {
		const Elf64_Phdr *table = segment_at(file, i);

		if (table->p_type != PT_GNU_EH_FRAME)
			continue;
		for (size_t j = 0; j < file->header->e_phnum; j++) {
			const Elf64_Phdr *outer = segment_at(file, j);

			if (!holds(outer, table, file->size))
				continue;
			code->segment = (struct patch_table){.bytes = file->bytes + outer->p_offset,
				.address = bias + outer->p_vaddr,
				.length = outer->p_filesz};
			code->unwind = (struct patch_table){.bytes = file->bytes + table->p_offset,
				.address = bias + table->p_vaddr,
				.length = table->p_filesz};
			return;
		}
	}
}

/* The part of the mapping that holds this segment's code. */
static void patch_segment(const struct file_view *file, const Elf64_Phdr *segment)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	unsigned long first = segment->p_offset & ~page;
	unsigned long last = segment->p_offset + segment->p_filesz;
	unsigned long end = file->offset + file->length;
	unsigned long bias;
	struct patch_code code = {.protection = file->protection,
		.changing = PROT_READ | PROT_WRITE,
		.traced = file->room == NULL && trapping_spares_sites(),
		.all = file->room != NULL ? file->room->all : trapping_takes_all()};

	if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0 || last < first)
		return;
	bias = file->address - file->offset + segment->p_offset - segment->p_vaddr;
	first = first > file->offset ? first : file->offset;
	last = last < end ? last : end;
	last = last < file->size ? last : file->size;
	if (first >= last)
		return;
	code.address = file->address + (first - file->offset);
	code.length = ((last + page) & ~page) - first;
	code.room = file->room;
	find_tables(file, bias, &code);
	patch_code(&code);
}

static void patch_plain(const struct file_view *file)
{
	struct patch_code code = {.protection = file->protection,
		.changing = PROT_READ | PROT_WRITE,
		.traced = file->room == NULL && trapping_spares_sites(),
		.all = file->room != NULL ? file->room->all : trapping_takes_all()};
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	unsigned long last = (file->size + page) & ~page;

	if (file->offset >= last)
		return;
	code.address = file->address;
	code.length = last - file->offset < file->length ? last - file->offset : file->length;
	patch_code(&code);
}

void patch_mapping(
	unsigned long address, size_t length, int protection, int file, unsigned long offset)
{
	struct file_view view = {
		.address = address, .length = length, .offset = offset, .protection = protection};
	struct stat status;
	long mapped;

	/* Nothing in it can be read, so nothing in it can be proven; execute-only code is refused.
	 */
	if ((protection & PROT_READ) == 0 &&
		sys_mprotect(address, length, protection | PROT_READ) < 0)
		patch_stop("mprotect", -EACCES);
	if (sys_fstatat(file, "", &status, AT_EMPTY_PATH) < 0 || status.st_size <= 0)
		return;
	view.size = (size_t)status.st_size;
	mapped = sys_mmap(0, view.size, PROT_READ, MAP_PRIVATE, file, 0);
	if (sys_failed(mapped))
		patch_stop("mmap", mapped);
	view.bytes = (const unsigned char *)mapped;
	if (is_elf(&view)) {
		for (size_t i = 0; i < view.header->e_phnum; i++)
			patch_segment(&view, segment_at(&view, i));
	} else {
		patch_plain(&view);
	}
	sys_munmap((unsigned long)mapped, view.size);
}

void patch_segment_into(const unsigned char *bytes, size_t size, const Elf64_Phdr *segment,
	unsigned long address, struct patch_room *room)
{
	unsigned long page = (unsigned long)MACHINE_PAGE - 1;
	struct file_view view = {
		.bytes = bytes,
		.size = size,
		.address = address,
		.offset = segment->p_offset & ~page,
		.protection = PROT_READ | PROT_WRITE,
		.room = room,
	};

	view.length = ((segment->p_offset + segment->p_filesz + page) & ~page) - view.offset;
	if (is_elf(&view))
		patch_segment(&view, segment);
}

/* How much of it can be read: behind the end of a file there is nothing. */
static size_t readable(unsigned long address, size_t length)
{
	unsigned char byte;

	for (size_t at = 0; at < length; at += MACHINE_PAGE) {
		if (guarded_copy(&byte, (const void *)(address + at), 1) < 0)
			return at;
	}
	return length;
}

void patch_written_code(unsigned long address, size_t length, int protection)
{
	struct patch_code code = {
		.address = address,
		.length = readable(
			address, (length + MACHINE_PAGE - 1) & ~(size_t)(MACHINE_PAGE - 1)),
		.protection = protection & ~PROT_EXEC,
		.changing = PROT_READ | PROT_WRITE,
		.written = true,
	};

	/* Text that was patched when it was mapped, and is back after relocation. */
	if (!blocks_have_file(address, length))
		patch_code(&code);
}
