#ifndef CORACLE_COMMAND_INDEX_FILE_H
#define CORACLE_COMMAND_INDEX_FILE_H

#include "command/builder.h"
#include "guest/elf.h"

/*
 * Patches an ELF file into the index. 1 when something of it changes: its pages are in the index,
 * and `code` tells which; 0 when nothing does; -EOPNOTSUPP when it must be left to F1; -errno.
 */
long index_file_patch(struct builder *builder, int file, unsigned long size,
	const struct elf_head *head, struct index_code *code);

#endif
