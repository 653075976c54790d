#include "guest/release.h"

#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/utsname.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/served.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "machine.h"
#include "rules/calls.h"

/* The release of the kernel as --kernel gives it, wherever the guest may read it. */

static enum slot_action leave_uname(struct slot *slot)
{
	const char *release = engine.custom.kernel;

	/* A guest that wants to see Linux 2.6 has asked for it. */
	if (slot->result < 0 || ((unsigned long)sys_personality(~0UL) & UNAME26) != 0)
		return SLOT_DONE;
	if (guarded_copy((void *)(slot->original[0] + offsetof(struct new_utsname, release)),
		    release, strlen(release) + 1) < 0)
		slot->result = -EFAULT;
	return SLOT_DONE;
}

enum slot_action release_uname(struct slot *slot)
{
	if (engine.custom.kernel == NULL)
		return SLOT_RUN;
	slot->leave = leave_uname;
	return SLOT_RUN;
}

long release_produce(struct served *served)
{
	text_add(&served->out, engine.custom.kernel);
	text_add(&served->out, "\n");
	return 0;
}

/* "Linux version RELEASE (who has built it) ..." */
long release_produce_version(struct served *served)
{
	static const char head[] = "Linux version ";
	char line[1024];
	long length = sys_pread(served->source, line, sizeof(line) - 1, 0);
	const char *rest = line;

	if (length < 0)
		return length;
	line[length] = '\0';
	if (text_starts(line, head)) {
		rest += sizeof(head) - 1;
		while (*rest != ' ' && *rest != '\0')
			rest++;
		text_add(&served->out, head);
		text_add(&served->out, engine.custom.kernel);
	}
	text_add(&served->out, rest);
	return 0;
}

/* As LINUX_VERSION_CODE: a byte for each of the first three numbers. */
static unsigned version_code(const char *release)
{
	unsigned code = 0;

	for (size_t i = 0; i < 3; i++) {
		unsigned long number = 0;

		release += text_read_number(release, &number);
		if (*release == '.')
			release++;
		code = code << 8 | (unsigned)(number < 255 ? number : 255);
	}
	return code;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* All of it at once: the kernel lets nobody split this mapping. Its headers of sections come last.
 */
static size_t vdso_size(const Elf64_Ehdr *header)
{
	size_t size = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;

	return (size + MACHINE_PAGE - 1) & ~(size_t)(MACHINE_PAGE - 1);
}

static void set_version(unsigned long vdso, unsigned *version)
{
	size_t size = vdso_size((const Elf64_Ehdr *)vdso);

	/* Where that is not allowed, a library reads the kernel's own version here. */
	if (sys_mprotect(vdso, size, PROT_READ | PROT_WRITE) < 0)
		return;
	*version = version_code(engine.custom.kernel);
	sys_mprotect(vdso, size, PROT_READ | PROT_EXEC);
}

/* Notes follow each other: a header, the name, the content. */
static void set_in_notes(unsigned long vdso, const Elf64_Phdr *segment)
{
	unsigned long at = vdso + segment->p_offset;
	unsigned long end = at + segment->p_filesz;

	while (at + sizeof(Elf64_Nhdr) <= end) {
		const Elf64_Nhdr *note = (const Elf64_Nhdr *)at;
		unsigned long content = at + sizeof(*note) + padded(note->n_namesz);

		if (content + padded(note->n_descsz) > end)
			return;
		if (note->n_type == 0 && note->n_namesz == sizeof("Linux") &&
			note->n_descsz == sizeof(unsigned) &&
			strcmp((const char *)(note + 1), "Linux") == 0) {
			set_version(vdso, (unsigned *)content);
			return;
		}
		at = content + padded(note->n_descsz);
	}
}

void release_start(unsigned long vdso)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)vdso;
	const Elf64_Phdr *segments;

	if (engine.custom.kernel == NULL)
		return;
	segments = (const Elf64_Phdr *)(vdso + header->e_phoff);
	for (size_t i = 0; i < header->e_phnum; i++) {
		if (segments[i].p_type == PT_NOTE)
			set_in_notes(vdso, &segments[i]);
	}
}
