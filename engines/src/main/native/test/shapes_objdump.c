#define _DEFAULT_SOURCE

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linear.h"
#include "rules/rule.h"
#include "sites.h"
#include "stub.h"

/*
 * shapes_objdump FILE < ADDRESSES: what becomes of each system call of an ELF file, decided as
 * patch.c decides, beside the addresses (hexadecimal) that objdump calls syscall. Prints those that
 * are not proven and those that objdump does not know, then one line of counts.
 */

enum { SITES_MOST = 200000, SEGMENTS_MOST = 32 };

enum shape { NOT_PROVEN, PASSES, JUMP_KNOWN, JUMP_LOOKED_UP, TRAP, SHAPES };

static const char *const names[SHAPES] = {"not-proven", "passes", "jump", "jump-looked-up", "trap"};

static unsigned long truth[SITES_MOST];
static unsigned char shape_of[SITES_MOST];
static unsigned long truth_count, unknown_to_objdump, old_calls;

static int by_value(const void *left, const void *right)
{
	unsigned long a = *(const unsigned long *)left, b = *(const unsigned long *)right;

	return a < b ? -1 : a > b;
}

static void read_truth(void)
{
	while (truth_count < SITES_MOST && scanf("%lx", &truth[truth_count]) == 1)
		truth_count++;
	qsort(truth, truth_count, sizeof(truth[0]), by_value);
}

static bool prove_otherwise(const struct memory_range *code, const struct functions *functions,
	unsigned long address, struct linear_site *found)
{
	struct site site;

	if (sites_prove(code, functions, address, &site) <= 0)
		return false;
	*found = (struct linear_site){.number = site_number(&site)};
	if (site.before_count > 0)
		found->before = address - site.before[0].length;
	return true;
}

static enum shape decide(struct linear_cursor *cursor, const struct memory_range *code,
	const struct functions *functions, unsigned long address)
{
	struct linear_site found;
	enum linear_answer answer = linear_prove(cursor, code, functions, address, &found);

	if (answer == LINEAR_NO ||
		(answer == LINEAR_UNKNOWN && !prove_otherwise(code, functions, address, &found)))
		return NOT_PROVEN;
	if (found.number >= 0 && found.number < RULES_MOST && rules_pass[found.number] != 0)
		return PASSES;
	if (found.before == 0 || address - found.before < STUB_JUMP_BYTES)
		return TRAP;
	return found.number >= 0 ? JUMP_KNOWN : JUMP_LOOKED_UP;
}

static void note(const char *file, unsigned long address, enum shape shape)
{
	unsigned long *match = bsearch(&address, truth, truth_count, sizeof(truth[0]), by_value);

	if (match != NULL) {
		shape_of[match - truth] = (unsigned char)shape;
	} else if (shape != NOT_PROVEN) {
		unknown_to_objdump++;
		printf("%s: %lx is no system call for objdump\n", file, address);
	}
}

static void look_at(
	const char *file, const struct memory_range *code, const struct functions *functions)
{
	struct linear_cursor cursor = {.end = 0};

	for (unsigned long at = sites_next(code, 0); at < code->length;
		at = sites_next(code, at + 2)) {
		enum shape shape = decide(&cursor, code, functions, code->address + at);

		if (sites_kind(code->bytes + at) == SITE_SYSCALL)
			note(file, code->address + at, shape);
		else if (shape != NOT_PROVEN)
			old_calls++;
	}
}

static struct memory_range range_of(const unsigned char *image, const Elf64_Phdr *segment)
{
	return (struct memory_range){
		image + segment->p_offset, segment->p_vaddr, segment->p_filesz};
}

/* As patch.c finds them: the header, and the segment around it. */
static bool open_functions(const unsigned char *image, const Elf64_Ehdr *elf, struct functions *out)
{
	const Elf64_Phdr *segments = (const void *)(image + elf->e_phoff);

	for (unsigned i = 0; i < elf->e_phnum; i++) {
		struct memory_range header = range_of(image, &segments[i]);

		if (segments[i].p_type != PT_GNU_EH_FRAME)
			continue;
		for (unsigned j = 0; j < elf->e_phnum; j++) {
			struct memory_range frames = range_of(image, &segments[j]);

			if (segments[j].p_type == PT_LOAD &&
				header.address - frames.address < frames.length)
				return functions_open(out, &header, &frames) == 0;
		}
	}
	return false;
}

static void print_counts(const char *file)
{
	unsigned long counts[SHAPES] = {0};

	for (unsigned long i = 0; i < truth_count; i++) {
		counts[shape_of[i]]++;
		if (shape_of[i] == NOT_PROVEN)
			printf("%s: %lx is not proven\n", file, truth[i]);
	}
	printf("%s: total syscalls %lu", file, truth_count);
	for (int i = 0; i < SHAPES; i++)
		printf(" %s %lu", names[i], counts[i]);
	printf(" not-objdump's %lu old %lu\n", unknown_to_objdump, old_calls);
}

int main(int argc, char **argv)
{
	struct functions functions;
	struct stat status;
	const unsigned char *image;
	const Elf64_Ehdr *elf;
	const Elf64_Phdr *segments;
	bool known;
	int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;

	if (file < 0 || fstat(file, &status) < 0)
		return 2;
	image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (image == MAP_FAILED)
		return 2;
	elf = (const void *)image;
	segments = (const void *)(image + elf->e_phoff);
	read_truth();
	known = open_functions(image, elf, &functions);
	for (unsigned i = 0; i < elf->e_phnum && i < SEGMENTS_MOST; i++) {
		struct memory_range code = range_of(image, &segments[i]);

		if (segments[i].p_type == PT_LOAD && (segments[i].p_flags & PF_X) != 0)
			look_at(argv[1], &code, known ? &functions : NULL);
	}
	print_counts(argv[1]);
	return 0;
}
