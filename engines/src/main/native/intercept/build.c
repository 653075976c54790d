#include <linux/elf.h>
#include <linux/errno.h>

#include "base/mem.h"
#include "intercept/index.h"

/* The engine's own head, which its first mapping holds; the linker puts a note behind it. */
extern const char engine_begin[];

enum { NOTE_BUILD_ID = 3 };

static const Elf64_Phdr *find_note(void)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)engine_begin;
	const Elf64_Phdr *segments =
		(const Elf64_Phdr *)(const void *)(engine_begin + header->e_phoff);

	for (size_t i = 0; i < header->e_phnum; i++) {
		if (segments[i].p_type == PT_NOTE)
			return &segments[i];
	}
	return NULL;
}

long index_read_build(unsigned char build[INDEX_BUILD_BYTES])
{
	const Elf64_Phdr *segment = find_note();
	const Elf64_Nhdr *note;
	const unsigned char *content;

	if (segment == NULL || segment->p_filesz < sizeof(*note) + 4 + INDEX_BUILD_BYTES)
		return -ENOEXEC;
	note = (const Elf64_Nhdr *)segment->p_vaddr;
	content = (const unsigned char *)(note + 1) + 4;
	if (note->n_type != NOTE_BUILD_ID || note->n_namesz != 4 ||
		note->n_descsz != INDEX_BUILD_BYTES)
		return -ENOEXEC;
	memcpy(build, content, INDEX_BUILD_BYTES);
	return 0;
}
