#ifndef CORACLE_COMMAND_INIT_H
#define CORACLE_COMMAND_INIT_H

/*
 * `coracle-engine init`: the first process of a container that another program has made. Starts a
 * command as it is, without any engine, waits for it as process 1 has to, and writes how it ended.
 * `words` follow the name of the subcommand. Returns the exit code; outcome.h.
 */
int init_command(char **words);

#endif
