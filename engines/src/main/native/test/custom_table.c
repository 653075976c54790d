#include <unistd.h>

#include "command/customise.h"
#include "guest/elf.h"
#include "test/check.h"

#include <linux/elf-em.h>

/* What --kernel, --port and --qemu take and refuse, and which programs are of another machine. */

static struct options options;

static const char *const taken[] = {"--kernel=6.1.0-13-amd64", "--kernel=3.10", "--port=80:8080",
	"--port=65535:1", "--netcoop", "--copy-links", "--qemu=qemu-aarch64 -cpu max"};

static const char *const refused[] = {"--kernel=", "--kernel=6.1 x", "--kernel=new",
	"--kernel=\\Linux\\host\\5.0", "--port=80", "--port=80:", "--port=:80", "--port=0:80",
	"--port=80:65536", "--port=80:8080:1", "--port=80:99", "--port=99:8080", "--port=a:b",
	"--kernel=1234567890123456789012345678901234567890123456789012345678901234567890"};

static const char *const others[] = {"--kernel", "--ports=1:2", "--netcoop=", "--qemu"};

static void words(void)
{
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		check_number(taken[i], 1, customise_word(&options, taken[i]));
	check_text("kernel", "3.10", options.custom.kernel);
	check_number("ports", 2, (long)options.custom.port_count);
	check_number("guest", 80, options.custom.ports[0].guest);
	check_number("host", 8080, options.custom.ports[0].host);
	check_number("netcoop", true, options.netcoop);
	check_number("links", true, options.custom.copies_links);
	check_text("emulator", "qemu-aarch64 -cpu max", options.emulator);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_number(refused[i], -1, customise_word(&options, refused[i]));
	check_number("ports are the same", 2, (long)options.custom.port_count);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		check_number(others[i], 0, customise_word(&options, others[i]));
}

static void many_ports(void)
{
	char word[32];

	for (int i = 0; i < CUSTOM_PORTS_MOST; i++) {
		snprintf(word, sizeof(word), "%d:%d", i + 1000, i + 2000);
		check_number(word, i < CUSTOM_PORTS_MOST - 2 ? 0 : -1,
			customise_port(&options.custom, word));
	}
}

struct machine {
	unsigned short machine;
	unsigned char class;
	unsigned char order;
	const char *name;
	bool foreign;
};

static const struct machine machines[] = {
	{EM_S390, ELFCLASS64, ELFDATA2MSB, "s390x", true},
	{EM_PPC64, ELFCLASS64, ELFDATA2LSB, "ppc64le", true},
	{EM_PPC64, ELFCLASS64, ELFDATA2MSB, "ppc64", true},
	{EM_ARM, ELFCLASS32, ELFDATA2LSB, "arm", true},
	{EM_RISCV, ELFCLASS64, ELFDATA2LSB, "riscv64", true},
	{4711, ELFCLASS64, ELFDATA2LSB, "", true},
#ifdef __x86_64__
	{EM_X86_64, ELFCLASS64, ELFDATA2LSB, "x86_64", false},
	{EM_386, ELFCLASS32, ELFDATA2LSB, "i386", true},
	{EM_AARCH64, ELFCLASS64, ELFDATA2LSB, "aarch64", true},
#else
	{EM_AARCH64, ELFCLASS64, ELFDATA2LSB, "aarch64", false},
	{EM_X86_64, ELFCLASS64, ELFDATA2LSB, "x86_64", true},
#endif
};

static unsigned short in_order(unsigned number, unsigned char order)
{
	return (unsigned short)(order == ELFDATA2MSB ? number >> 8 | number << 8 : number);
}

static void programs(void)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct machine *row = &machines[i];
		Elf64_Ehdr header = {.e_type = in_order(ET_DYN, row->order),
			.e_machine = in_order(row->machine, row->order)};

		memcpy(header.e_ident, ELFMAG, SELFMAG);
		header.e_ident[EI_CLASS] = row->class;
		header.e_ident[EI_DATA] = row->order;
		check_text(row->name, row->name, elf_machine_name(&header));
		check_number(row->name, row->foreign, elf_is_foreign(&header, sizeof(header)));
		check_number("cut", false, elf_is_foreign(&header, 20));
		header.e_type = in_order(ET_CORE, row->order);
		check_number("no program", false, elf_is_foreign(&header, sizeof(header)));
	}
}

int main(void)
{
	/* The sentences are for people. */
	close(2);
	words();
	many_ports();
	programs();
	return check_report("custom");
}
