#ifndef CORACLE_COMMAND_INDEX_H
#define CORACLE_COMMAND_INDEX_H

/* `coracle-engine index TREE [--out=FILE] [--travels|--from=FILE|--check]`: argv from TREE on.
 * Returns the exit code. */
int index_command(char **words);

#endif
