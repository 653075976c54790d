#define _GNU_SOURCE

#include "veneer.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cache.h"
#include "instruction.h"
#include "test/check.h"

/* Runs veneers, on aarch64 or under qemu-aarch64: who answers, and that only x0 changes. */

enum { REGISTERS = 21, FLAGS = 19, LINK = 20, PAGE = 4096, RET = (int)0xd65f03c0 };

void veneer_run(unsigned long registers[REGISTERS], void *code);
extern const char veneer_gate[];

static unsigned char pass[1024];
static void check(const char *name, const char *what, unsigned long expected, unsigned long got)
{
	char line[128];

	snprintf(line, sizeof(line), "%s, %s", name, what);
	check_number(line, (long)expected, (long)got);
}

/* A function that is a system call and nothing else, patched; a page further its veneer. */
static void write_code(unsigned *code, bool certain)
{
	struct veneer veneer = {.site = (unsigned long)code,
		.at = (unsigned long)code + PAGE,
		.gate = (unsigned long)veneer_gate,
		.pass = certain ? 0 : (unsigned long)pass};

	mprotect(code, 2 * PAGE, PROT_READ | PROT_WRITE);
	check("veneer", "is near", 1, veneer_write(&veneer, code + PAGE / sizeof(*code)) > 0);
	code[0] = instruction_branch(veneer.site, veneer.at);
	code[1] = (unsigned)RET;
	cache_publish(veneer.site, veneer.site + 2 * PAGE);
	mprotect(code, 2 * PAGE, PROT_READ | PROT_EXEC);
}

static void run(const char *name, unsigned *code, unsigned long number, unsigned long expected)
{
	unsigned long registers[REGISTERS];

	for (unsigned long i = 0; i < REGISTERS; i++)
		registers[i] = 0x0101010101010101 * (i + 1);
	registers[8] = number;
	registers[FLAGS] = 0x60000000;
	veneer_run(registers, code);
	check(name, "result", expected, registers[0]);
	for (unsigned long i = 1; i < FLAGS; i++) {
		if (i != 8)
			check(name, "register", 0x0101010101010101 * (i + 1), registers[i]);
	}
	check(name, "number", number, registers[8]);
	check(name, "flags", 0x60000000, registers[FLAGS]);
	check(name, "link and stack", 0, registers[LINK]);
}

int main(void)
{
	unsigned *code =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long gate_answer = 0x0101010101010101 * 17 + 1000; /* from the guest's x16 */
	unsigned long process = (unsigned long)getpid();

	if (code == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	check("gate", "lies below 4 GiB", 0, (unsigned long)veneer_gate >> 32);
	pass[SYS_getpid] = 1;
	write_code(code, false);
	run("passing", code, SYS_getpid, process);
	run("passing, high half ignored", code, SYS_getpid | 1UL << 32, process);
	run("wanted", code, SYS_openat, gate_answer);
	run("last in the table", code, 1023, gate_answer);
	run("behind the table", code, 1024, gate_answer);
	run("negative", code, ~0UL, gate_answer);
	write_code(code, true);
	run("certain", code, SYS_openat, gate_answer);
	return check_report("veneers run");
}
