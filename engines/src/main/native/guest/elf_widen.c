#include "guest/elf_widen.h"

#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"

static Elf64_Phdr widened(const Elf32_Phdr *segment)
{
	return (Elf64_Phdr){
		.p_type = segment->p_type,
		.p_flags = segment->p_flags,
		.p_offset = segment->p_offset,
		.p_vaddr = segment->p_vaddr,
		.p_paddr = segment->p_paddr,
		.p_filesz = segment->p_filesz,
		.p_memsz = segment->p_memsz,
		.p_align = segment->p_align,
	};
}

long elf_widen(int descriptor, struct elf_head *head)
{
	Elf32_Phdr segments[ELF_SEGMENTS_MOST];
	Elf32_Ehdr header;
	size_t size;

	memcpy(&header, &head->header, sizeof(header));
	size = header.e_phnum * sizeof(segments[0]);
	if ((header.e_type != ET_EXEC && header.e_type != ET_DYN) ||
		header.e_phentsize != sizeof(segments[0]) || header.e_phnum == 0 ||
		header.e_phnum > ELF_SEGMENTS_MOST ||
		sys_pread(descriptor, segments, size, (long)header.e_phoff) != (long)size)
		return -ENOEXEC;
	head->header.e_entry = header.e_entry;
	head->header.e_phoff = header.e_phoff;
	head->header.e_shoff = header.e_shoff;
	head->header.e_flags = header.e_flags;
	head->header.e_ehsize = header.e_ehsize;
	head->header.e_phentsize = header.e_phentsize;
	head->header.e_phnum = header.e_phnum;
	for (size_t i = 0; i < header.e_phnum; i++)
		head->segments[i] = widened(&segments[i]);
	return 0;
}
