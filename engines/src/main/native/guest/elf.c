#include "guest/elf.h"

#include <linux/elf-em.h>
#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"
#include "machine.h"

static long check_header(const Elf64_Ehdr *header)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (header->e_ident[EI_CLASS] == ELFCLASS32 && header->e_machine == MACHINE_ELF_32)
		return -ELF_32_BIT;
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != MACHINE_ELF)
		return -ENOEXEC;
	if (header->e_type != ET_EXEC && header->e_type != ET_DYN)
		return -ENOEXEC;
	if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
		header->e_phnum > ELF_SEGMENTS_MOST)
		return -ENOEXEC;
	return 0;
}

static long read_interpreter(int descriptor, const Elf64_Phdr *segment, struct elf_head *head)
{
	size_t size = segment->p_filesz;
	long read;

	if (size < 2 || size > sizeof(head->interpreter))
		return -ENOEXEC;
	read = sys_pread(descriptor, head->interpreter, size, (long)segment->p_offset);
	if (read != (long)size || head->interpreter[size - 1] != '\0')
		return -ENOEXEC;
	return 0;
}

long elf_read_head(int descriptor, struct elf_head *head)
{
	size_t size;
	long error;

	head->interpreter[0] = '\0';
	if (sys_pread(descriptor, &head->header, sizeof(head->header), 0) !=
		(long)sizeof(head->header))
		return -ENOEXEC;
	error = check_header(&head->header);
	if (error < 0)
		return error;
	size = head->header.e_phnum * sizeof(Elf64_Phdr);
	if (sys_pread(descriptor, head->segments, size, (long)head->header.e_phoff) != (long)size)
		return -ENOEXEC;
	for (size_t i = 0; i < head->header.e_phnum; i++) {
		if (head->segments[i].p_type == PT_INTERP)
			return read_interpreter(descriptor, &head->segments[i], head);
	}
	return 0;
}
