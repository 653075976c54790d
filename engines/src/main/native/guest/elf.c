#include "guest/elf.h"

#include <linux/elf-em.h>
#include <linux/errno.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/elf_widen.h"
#include "machine.h"

bool elf_is_native(const Elf64_Ehdr *header)
{
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_machine == MACHINE_ELF;
}

bool elf_is_compat(const Elf64_Ehdr *header)
{
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_machine == MACHINE_ELF_32;
}

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

/* `length` bytes of the file are in the head already, from `header` on. */
static long read_interpreter(
	int descriptor, const Elf64_Phdr *segment, struct elf_head *head, size_t length)
{
	size_t size = segment->p_filesz;

	if (size < 2 || size > sizeof(head->interpreter_bytes))
		return -ENOEXEC;
	head->interpreter = head->interpreter_bytes;
	if (segment->p_offset < length && size <= length - segment->p_offset)
		head->interpreter = (const char *)&head->header + segment->p_offset;
	else if (sys_pread(descriptor, head->interpreter_bytes, size, (long)segment->p_offset) !=
		 (long)size)
		return -ENOEXEC;
	if (head->interpreter[size - 1] != '\0')
		return -ENOEXEC;
	/* To the kernel that is the working directory. */
	return head->interpreter[0] == '\0' ? -EACCES : 0;
}

/* Linkers put the segments straight behind the header, where struct elf_head has them too. */
static long read_segments(int descriptor, struct elf_head *head, size_t *length)
{
	size_t size = head->header.e_phnum * sizeof(Elf64_Phdr);

	if (head->header.e_phoff == sizeof(head->header) && size <= *length - sizeof(head->header))
		return 0;
	/* What is read now lies over the bytes that came first. */
	*length = sizeof(head->header);
	return sys_pread(descriptor, head->segments, size, (long)head->header.e_phoff) == (long)size
		       ? 0
		       : -ENOEXEC;
}

_Static_assert(offsetof(struct elf_head, segments) ==
		       offsetof(struct elf_head, header) + sizeof(Elf64_Ehdr),
	"as in the file");
_Static_assert(
	ELF_FIRST_BYTES <= sizeof(Elf64_Ehdr) + sizeof(((struct elf_head *)0)->segments), "fits");

long elf_read_first(int descriptor, struct elf_head *head)
{
	return sys_pread(descriptor, &head->header, ELF_FIRST_BYTES, 0);
}

static long find_interpreter(int descriptor, struct elf_head *head, size_t known)
{
	for (size_t i = 0; i < head->header.e_phnum; i++) {
		if (head->segments[i].p_type == PT_INTERP)
			return read_interpreter(descriptor, &head->segments[i], head, known);
	}
	return 0;
}

static long give_up(struct elf_head *head)
{
	head->header.e_phnum = 0;
	head->interpreter = "";
	return -ELF_32_BIT;
}

long elf_check(int descriptor, struct elf_head *head, long length)
{
	size_t known = (size_t)length;
	long error;

	head->interpreter = "";
	if (length < (long)sizeof(head->header))
		return -ENOEXEC;
	error = check_header(&head->header);
	if (error == -ELF_32_BIT)
		return elf_widen(descriptor, head) < 0 || find_interpreter(descriptor, head, 0) < 0
			       ? give_up(head)
			       : -ELF_32_BIT;
	if (error == 0)
		error = read_segments(descriptor, head, &known);
	return error < 0 ? error : find_interpreter(descriptor, head, known);
}

long elf_read_head(int descriptor, struct elf_head *head)
{
	return elf_check(descriptor, head, elf_read_first(descriptor, head));
}
