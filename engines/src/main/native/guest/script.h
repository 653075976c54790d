#ifndef CORACLE_GUEST_SCRIPT_H
#define CORACLE_GUEST_SCRIPT_H

#include <stddef.h>

/*
 * Splits a "#!" line, as fs/binfmt_script.c does: one interpreter, at most one argument, which
 * keeps its inner blanks. `line` holds the file's first `length` bytes, EXEC_LINE_BYTES at most,
 * and has room for a NUL behind them. Returns 0 or -ENOEXEC.
 */
long script_split(char *line, size_t length, const char **interpreter, const char **argument);

#endif
