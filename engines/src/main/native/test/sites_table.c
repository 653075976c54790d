#define _DEFAULT_SOURCE

#include "../arch/x86_64/consensus.h"
#include "../arch/x86_64/effect.h"
#include "../arch/x86_64/decode.h"
#include "../arch/x86_64/pads.h"
#include "../arch/x86_64/sites.h"

#include <linux/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A small image made by hand: two functions with unwind tables, one without, and bytes that only
 * look like a syscall. Then the same image damaged at random, between pages that must not be read.
 */

enum {
	BASE = 0x1000,
	CODE = 0x200, /* offsets in the image */
	CODE_LENGTH = 0x200,
	IMAGE = CODE + CODE_LENGTH,
	HEADER = 0,
	FRAMES = 0x40,
	CIE = FRAMES,
	FIRST_FDE = CIE + 24,
	SECOND_FDE = FIRST_FDE + 24,
	FIRST = CODE + 0x20, /* functions */
	SECOND = CODE + 0x60,
	FAR = CODE + 0x100,
	LENGTH = 0x30,
	ROUNDS = 4000
};

static int failures;

static void check(const char *what, long expected, long actual)
{
	if (expected == actual)
		return;
	fprintf(stderr, "%s is %ld, expected %ld\n", what, actual, expected);
	failures++;
}

static void put(unsigned char *at, const char *hex)
{
	unsigned value;

	for (; sscanf(hex, "%2x", &value) == 1; hex += 2)
		*at++ = (unsigned char)value;
}

static void put_word(unsigned char *at, long value)
{
	int word = (int)value;

	memcpy(at, &word, sizeof(word));
}

static void put_fde(unsigned char *image, unsigned row, long fde, long function)
{
	put_word(image + fde, 20);
	put_word(image + fde + 4, fde + 4 - CIE);
	put_word(image + fde + 8, function - (fde + 8));
	put_word(image + fde + 12, LENGTH);
	put_word(image + HEADER + 12 + row * 8, function - HEADER);
	put_word(image + HEADER + 16 + row * 8, fde - HEADER);
}

static void make_image(unsigned char *image)
{
	memset(image, 0, CODE);
	memset(image + CODE, 0xcc, CODE_LENGTH);
	put(image + HEADER, "011b033b");
	put_word(image + HEADER + 4, FRAMES - (HEADER + 4));
	put_word(image + HEADER + 8, 2);
	put_word(image + CIE, 20);
	put(image + CIE + 8, "017a5200017810011b");
	put_fde(image, 0, FIRST_FDE, FIRST);
	put_fde(image, 1, SECOND_FDE, SECOND);
	/* mov $257,%eax; mov $2,%edi; syscall; cmp $-4096,%rax; ja +; ret */
	put(image + FIRST, "b801010000bf020000000f05483d00f0ffff7701c3c3");
	/* xor %eax,%eax; test %rdi,%rdi; je to the syscall; mov %rsi,%rdi; syscall; mov */
	put(image + SECOND, "31c04885ff74034889f70f058b05050f0500c3");
	/* push $39; pop %rax; syscall; ret; jmp into the first function's mov $2,%edi */
	put(image + FAR, "554889e553bb010000006a27580f05489889c35b5dc3e9");
	put_word(image + FAR + 23, FIRST + 5 - (FAR + 27));
}

static struct memory_range range(
	const unsigned char *image, unsigned long start, unsigned long length)
{
	return (struct memory_range){image + start, BASE + start, length};
}

static void check_sites(const unsigned char *image)
{
	struct memory_range header = range(image, HEADER, FRAMES), frames = range(image, 0, CODE);
	struct memory_range code = range(image, CODE, CODE_LENGTH);
	struct functions functions;
	struct site sites[4];
	unsigned long count = 0, candidates = 0;

	check("header", 0, functions_open(&functions, &header, &frames));
	for (unsigned long i = sites_next(&code, 0); i < code.length;
		i = sites_next(&code, i + 2)) {
		candidates++;
		if (sites_prove(&code, &functions, code.address + i, &sites[count]) > 0)
			count++;
	}
	check("candidates", 4, (long)candidates);
	check("sites", 3, (long)count);
	if (count != 3)
		return;
	check("first address", BASE + FIRST + 10, (long)sites[0].address);
	check("first proof", SITE_BY_FUNCTION, sites[0].proof);
	check("first number", 257, site_number(&sites[0]));
	check("first before", 2, sites[0].before_count);
	check("first before, nearest", -5, sites[0].before[0].offset);
	check("first after", 2, sites[0].after[0].offset);
	check("first after, length", 6, sites[0].after[0].length);
	check("second number, entered", -1, site_number(&sites[1]));
	check("second entered", true, site_entered(&sites[1], 0, 0));
	check("third proof", SITE_BY_CONSENSUS, sites[2].proof);
	check("third number, pushed", 39, site_number(&sites[2]));
	check("first entered from near", false, site_entered(&sites[0], -9, 1));
	sites_mark_entries(&code, sites, count);
	check("first entered from far", true, site_entered(&sites[0], -5, -5));
	check("first number, entered", -1, site_number(&sites[0]));
	check("no candidate", -EINVAL, sites_prove(&code, &functions, BASE + FIRST, &sites[0]));
	check("outside", -EINVAL, sites_prove(&code, &functions, BASE + IMAGE - 1, &sites[0]));
}

static void check_functions(const unsigned char *image)
{
	struct memory_range header = range(image, HEADER, FRAMES), frames = range(image, 0, CODE);
	struct memory_range cut = range(image, HEADER, 20);
	struct functions functions;
	struct function function;

	check("cut header", -EINVAL, functions_open(&functions, &cut, &frames));
	functions_open(&functions, &header, &frames);
	check("before all", -ENOENT, functions_find(&functions, BASE + FIRST - 1, &function));
	check("first byte", 0, functions_find(&functions, BASE + FIRST, &function));
	check("start", BASE + FIRST, (long)function.start);
	check("last byte", 0, functions_find(&functions, BASE + FIRST + LENGTH - 1, &function));
	check("length", LENGTH, (long)function.length);
	check("gap", -ENOENT, functions_find(&functions, BASE + FIRST + LENGTH, &function));
}

static void check_pads(unsigned char *image)
{
	struct memory_range header = range(image, HEADER, FRAMES), frames = range(image, 0, CODE);
	struct memory_range code = range(image, CODE, CODE_LENGTH);
	struct functions functions;
	long gap = BASE + FIRST + LENGTH;

	functions_open(&functions, &header, &frames);
	check("pad behind", gap, (long)pads_find(&code, &functions, BASE + FIRST + 10));
	check("pad before", gap, (long)pads_find(&code, &functions, BASE + SECOND + 10));
	check("no function", 0, (long)pads_find(&code, &functions, BASE + FAR + 12));
	check("no table", 0, (long)pads_find(&code, NULL, BASE + FIRST + 10));
	put(image + FIRST + LENGTH, "6690660f1f4400000f1f800000000090");
	check("nops", gap, (long)pads_find(&code, &functions, BASE + FIRST + 10));
	put(image + FIRST + LENGTH, "e900000000");
	check("in use", 0, (long)pads_find(&code, &functions, BASE + FIRST + 10));
	put(image + FIRST + LENGTH, "cccccccccccccccccccccccccccccc90");
	check("two kinds", gap, (long)pads_find(&code, &functions, BASE + FIRST + 10));
	make_image(image);
}

static void check_scan_for(const unsigned char site[2])
{
	unsigned char bytes[64] = {0};
	struct memory_range code = {bytes, 0, 0};

	for (unsigned long length = 0; length <= 40; length++) {
		code.length = length;
		check("nothing to find", (long)length, (long)sites_next(&code, 0));
		for (unsigned long at = 0; at + 2 <= length; at++) {
			memcpy(bytes + at, site, 2);
			check("place found", (long)at, (long)sites_next(&code, 0));
			check("next place", (long)length, (long)sites_next(&code, at + 1));
			bytes[at] = bytes[at + 1] = 0;
		}
	}
}

static void check_scan(void)
{
	static const unsigned char sites[][2] = {{0x0f, 0x05}, {0x0f, 0x34}, {0xcd, 0x80}};
	/* 0f 04, 0f 35 and so on differ from the first two only where those two differ. */
	unsigned char alike[] = {0x0f, 0x04, 0x0f, 0x14, 0x0f, 0x35, 0x0f, 0x24, 0x0f, 0x15, 0xcd,
		0x81, 0xcc, 0x80, 0x0f, 0x25, 0x0f, 0x05, 0x00, 0x00};
	struct memory_range code = {alike, 0, sizeof(alike)};

	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++)
		check_scan_for(sites[i]);
	check("behind bytes that look alike", 16, (long)sites_next(&code, 0));
	check("syscall", SITE_SYSCALL, sites_kind(sites[0]));
	check("sysenter", SITE_SYSENTER, sites_kind(sites[1]));
	check("interrupt", SITE_INTERRUPT, sites_kind(sites[2]));
	check("none", SITE_NONE, sites_kind(alike));
}

/* Everything at once on damaged bytes: no crash is the only claim. */
static void run_all(const unsigned char *image)
{
	struct memory_range header = range(image, HEADER, FRAMES), frames = range(image, 0, CODE);
	struct memory_range code = range(image, CODE, CODE_LENGTH);
	struct functions functions;
	struct site sites[CODE_LENGTH];
	unsigned long count = 0;
	bool open = functions_open(&functions, &header, &frames) == 0;

	for (unsigned long i = sites_next(&code, 0); i < code.length; i = sites_next(&code, i + 2))
		count += sites_prove(&code, open ? &functions : NULL, code.address + i,
				 &sites[count]) > 0;
	sites_mark_entries(&code, sites, count);
	for (unsigned long i = 0; open && i < count; i++) {
		unsigned long pad = pads_find(&code, &functions, sites[i].address);

		check("pad is in the code", true,
			pad == 0 || (pad >= BASE + CODE && pad + PAD_BYTES <= BASE + IMAGE));
	}
}

static void damage(unsigned char *image)
{
	srandom(1);
	for (int round = 0; round < ROUNDS; round++) {
		int hits = (int)(random() % 16);

		make_image(image);
		for (int i = 0; i < hits; i++)
			image[random() % (round % 2 ? CODE : IMAGE)] = (unsigned char)random();
		for (int i = 0; i < hits; i++)
			put(image + CODE + random() % (CODE_LENGTH - 1), "0f05");
		put(image + IMAGE - 2, "0f05");
		run_all(image);
	}
}

/* An image that ends where readable memory ends. */
static unsigned char *guarded_image(void)
{
	unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
	unsigned char *pages = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_READ | PROT_WRITE) != 0)
		exit(2);
	return pages + 2 * page - IMAGE;
}

int main(void)
{
	unsigned char *image = guarded_image();

	make_image(image);
	check_functions(image);
	check_sites(image);
	check_pads(image);
	check_scan();
	damage(image);
	if (failures == 0)
		puts("sites_table: ok");
	return failures != 0;
}
