#ifndef CORACLE_COMMAND_PROBE_H
#define CORACLE_COMMAND_PROBE_H

/*
 * `coracle-engine probe [--directory=DIR]`: tells as JSON what this host allows. Everything is
 * tried in a child that nobody misses: one that is killed for it is an answer, not a failure.
 * `words` follow the name of the subcommand. Returns the exit code.
 */
int probe_command(char **words);

#endif
