#include <linux/elf-em.h>

#include "base/mem.h"
#include "guest/elf.h"
#include "machine.h"

/* Younger than the oldest headers. */
enum { EM_OF_LOONGARCH = 258 };

/* The same place in the headers of all machines, in the machine's own order of bytes. */
static unsigned word_at(const Elf64_Ehdr *header, size_t at)
{
	const unsigned char *bytes = (const unsigned char *)header + at;

	return header->e_ident[EI_DATA] == ELFDATA2MSB ? (unsigned)bytes[0] << 8 | bytes[1]
						       : (unsigned)bytes[1] << 8 | bytes[0];
}

static unsigned machine_of(const Elf64_Ehdr *header)
{
	return word_at(header, offsetof(Elf64_Ehdr, e_machine));
}

bool elf_is_foreign(const Elf64_Ehdr *header, long length)
{
	unsigned type = word_at(header, offsetof(Elf64_Ehdr, e_type));

	return length >= (long)sizeof(Elf32_Ehdr) &&
	       memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       (type == ET_EXEC || type == ET_DYN) && machine_of(header) != MACHINE_ELF;
}

struct machine_name {
	unsigned machine;
	const char *name;
	const char *big_endian;
};

static const struct machine_name names[] = {
	{EM_386, "i386", ""},
	{EM_X86_64, "x86_64", ""},
	{EM_ARM, "arm", "armeb"},
	{EM_AARCH64, "aarch64", "aarch64_be"},
	{EM_PPC, "", "ppc"},
	{EM_PPC64, "ppc64le", "ppc64"},
	{EM_S390, "", "s390x"},
	{EM_RISCV, "riscv64", ""},
	{EM_MIPS, "mipsel", "mips"},
	{EM_SPARCV9, "", "sparc64"},
	{EM_ALPHA, "alpha", ""},
	{EM_68K, "", "m68k"},
	{EM_OF_LOONGARCH, "loongarch64", ""},
};

const char *elf_machine_name(const Elf64_Ehdr *header)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].machine == machine_of(header))
			return header->e_ident[EI_DATA] == ELFDATA2MSB ? names[i].big_endian
								       : names[i].name;
	}
	return "";
}
