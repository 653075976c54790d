#include "command/explain.h"

#include <linux/errno.h>

#include "base/report.h"
#include "base/text.h"
#include "guest/elf.h"
#include "machine.h"

void explain_not_executable(const struct slot *slot, const char *name)
{
	const struct elf_head *head = (const struct elf_head *)(const void *)slot->bytes;
	char line[PATH_BYTES + 256];
	struct text text = text_in(line, sizeof(line));
	const char *machine = elf_machine_name(&head->header);

	if (!elf_is_foreign(&head->header, sizeof(head->header))) {
		report_error("cannot run", name, -ENOEXEC);
		return;
	}
	text_add(&text, "cannot run ");
	text_add(&text, name);
	text_add(&text, ": it is a program for ");
	text_add(&text, machine[0] != '\0' ? machine : "another machine");
	text_add(&text, ", and this is " MACHINE_NAME "; give --qemu=");
	text_add(&text, machine[0] != '\0' ? "qemu-" : "PROGRAM");
	text_add(&text, machine);
	text_add(&text, machine[0] != '\0' ? "-static" : "");
	report(text.at);
}
