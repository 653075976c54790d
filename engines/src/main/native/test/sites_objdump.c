#define _DEFAULT_SOURCE

#include "../arch/x86_64/sites.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * sites_objdump FILE [with|without|data] < ADDRESSES: proves the syscall sites of an ELF file, with
 * its unwind tables or without, and compares them with the addresses (hexadecimal) that objdump
 * calls syscall. Prints missed and false sites, then one line of totals; with DUMP in the
 * environment also what is known of each site. data takes every segment for code: what is proven
 * there is false.
 */

enum { SITES_MAX = 200000, SEGMENTS_MAX = 32 };

struct segment {
	struct memory_range range;
	bool executable;
};

static unsigned long truth[SITES_MAX];
static unsigned char found[SITES_MAX];
static struct site sites[SITES_MAX];
static unsigned long truth_count, site_count, candidates, false_sites;

static int by_value(const void *left, const void *right)
{
	unsigned long a = *(const unsigned long *)left, b = *(const unsigned long *)right;

	return a < b ? -1 : a > b;
}

static void read_truth(void)
{
	while (truth_count < SITES_MAX && scanf("%lx", &truth[truth_count]) == 1)
		truth_count++;
	qsort(truth, truth_count, sizeof(truth[0]), by_value);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check_site(const struct site *site, const char *name)
{
	unsigned long *match =
		bsearch(&site->address, truth, truth_count, sizeof(truth[0]), by_value);

	if (match) {
		found[match - truth] = 1;
		return;
	}
	false_sites++;
	printf("%s: false %lx\n", name, site->address);
}

static void prove_range(const struct memory_range *code, const struct functions *functions)
{
	unsigned long first = site_count;

	for (unsigned long i = sites_next(code, 0); i < code->length; i = sites_next(code, i + 2)) {
		if (sites_kind(code->bytes + i) != SITE_SYSCALL)
			continue;
		candidates++;
		if (sites_prove(code, functions, code->address + i, &sites[site_count]) > 0)
			site_count++;
		if (site_count == SITES_MAX)
			exit(2);
	}
	sites_mark_entries(code, sites + first, site_count - first);
}

static void dump_site(const struct site *site)
{
	printf("site %lx %d %ld %d before", site->address, site->proof, site_number(site),
		site->number_offset);
	for (unsigned i = 0; i < site->before_count; i++)
		printf(" %d:%d", site->before[i].offset, site->before[i].length);
	printf(" after");
	for (unsigned i = 0; i < site->after_count; i++)
		printf(" %d:%d", site->after[i].offset, site->after[i].length);
	printf(" entries");
	for (int i = -SITE_REACH_BEFORE; i <= SITE_REACH_AFTER; i++)
		if (site_entered(site, i, i))
			printf(" %d", i);
	printf(" blind %d\n", site->blind);
}

/* True if the syscall and one neighbour are long enough for a jmp rel32. */
static bool has_room(const struct site *site)
{
	if (site->before_count && site->before[0].length >= 3 &&
		!site_entered(site, site->before[0].offset + 1, 1))
		return true;
	return site->after_count && site->after[0].length >= 3 && !site_entered(site, 1, 4);
}

static void print_totals(const char *name, double scan, double time)
{
	unsigned long missed = 0, numbers = 0, blind = 0, entered = 0, by_consensus = 0, room = 0;

	for (unsigned long i = 0; i < truth_count; i++) {
		if (found[i])
			continue;
		missed++;
		printf("%s: missed %lx\n", name, truth[i]);
	}
	for (unsigned long i = 0; i < site_count; i++) {
		const struct site *site = &sites[i];

		numbers += site_number(site) >= 0;
		blind += site->blind;
		entered += site_entered(site, 0, 1);
		by_consensus += site->proof == SITE_BY_CONSENSUS;
		room += has_room(site);
	}
	printf("%s: total candidates %lu syscalls %lu proven %lu missed %lu false %lu", name,
		candidates, truth_count, site_count, missed, false_sites);
	printf(" by-consensus %lu numbers %lu blind %lu entered %lu room %lu", by_consensus,
		numbers, blind, entered, room);
	printf(" scan-us %.0f all-us %.0f\n", scan * 1e6, time * 1e6);
}

/* Maps the file and collects its loaded segments. Returns their number. */
static unsigned read_segments(int fd, struct segment *segments, struct memory_range *header)
{
	struct stat status;
	const unsigned char *image;
	const Elf64_Ehdr *elf;
	unsigned count = 0;

	if (fd < 0 || fstat(fd, &status) < 0)
		exit(2);
	image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (image == MAP_FAILED)
		exit(2);
	elf = (const void *)image;
	for (unsigned i = 0; i < elf->e_phnum && count < SEGMENTS_MAX; i++) {
		const Elf64_Phdr *segment =
			(const void *)(image + elf->e_phoff + i * sizeof(Elf64_Phdr));
		struct memory_range range = {
			image + segment->p_offset, segment->p_vaddr, segment->p_filesz};

		if (segment->p_type == PT_GNU_EH_FRAME)
			*header = range;
		if (segment->p_type == PT_LOAD)
			segments[count++] = (struct segment){range, segment->p_flags & PF_X};
	}
	return count;
}

/* Opens the unwind tables; the frames are in the segment that the header points into. */
static bool open_functions(const struct segment *segments, unsigned count,
	const struct memory_range *header, struct functions *out)
{
	unsigned long frames;
	int displacement;

	if (header->length < 12)
		return false;
	memcpy(&displacement, header->bytes + 4, 4);
	frames = header->address + 4 + (unsigned long)(long)displacement;
	for (unsigned i = 0; i < count; i++) {
		if (frames - segments[i].range.address < segments[i].range.length)
			return functions_open(out, header, &segments[i].range) == 0;
	}
	return false;
}

/* Seconds that it takes only to find the candidates. */
static double time_scan(const struct segment *segments, unsigned count)
{
	double start = seconds();

	for (unsigned i = 0; i < count; i++) {
		const struct memory_range *code = &segments[i].range;

		for (unsigned long at = 0; segments[i].executable && at < code->length; at += 2)
			at = sites_next(code, at);
	}
	return seconds() - start;
}

int main(int argc, char **argv)
{
	struct segment segments[SEGMENTS_MAX];
	struct memory_range header = {0};
	struct functions functions;
	bool with = argc < 3 || strcmp(argv[2], "with") == 0;
	bool data = argc > 2 && strcmp(argv[2], "data") == 0;
	unsigned count;
	double scan, start;

	if (argc < 2)
		return 2;
	count = read_segments(open(argv[1], O_RDONLY), segments, &header);
	with = with && open_functions(segments, count, &header, &functions);
	read_truth();
	scan = time_scan(segments, count);
	start = seconds();
	for (unsigned i = 0; i < count; i++) {
		if (segments[i].executable || data)
			prove_range(&segments[i].range, with ? &functions : NULL);
	}
	start = seconds() - start;
	for (unsigned long i = 0; i < site_count; i++)
		check_site(&sites[i], argv[1]);
	for (unsigned long i = 0; i < site_count && getenv("DUMP"); i++)
		dump_site(&sites[i]);
	print_totals(argv[1], scan, start);
	return 0;
}
