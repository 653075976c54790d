#ifndef CORACLE_COMMAND_FINDINGS_H
#define CORACLE_COMMAND_FINDINGS_H

#include <stdbool.h>

#include "guest/elf.h"
#include "intercept/slot.h"

/* What `check` has to say about a tree, told as it is found. */
struct findings {
	bool json;
	unsigned count;
	bool failed;	  /* nobody reads any more */
	struct text path; /* of the file that is looked at, in the guest */
	char path_bytes[PATH_BYTES];
	struct elf_head head;
	struct walk walk;
	char line[EXEC_LINE_BYTES + 1];
};

void findings_begin(struct findings *findings, bool json);

/* An executable file, as a descriptor (negative: -errno of opening it) with its mode. */
void findings_look(struct findings *findings, int file, unsigned mode);

/* A file or directory that could not be looked into, which is told too. */
void findings_unread(struct findings *findings, const char *why);

/* The exit code. */
int findings_end(struct findings *findings);

#endif
