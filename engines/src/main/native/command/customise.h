#ifndef CORACLE_COMMAND_CUSTOMISE_H
#define CORACLE_COMMAND_CUSTOMISE_H

#include "command/options.h"

/* What a run asks for beyond its tree and its user: --kernel, --port, --netcoop, --qemu. */

/* Takes one of these words: 1, 0 when it is another, -1 after a message. */
int customise_word(struct options *options, const char *word);

/* Take a release, and one more "GUEST:HOST". 0, or -1 after a message. */
int customise_kernel(struct custom *custom, const char *value);
int customise_port(struct custom *custom, const char *value);

/*
 * Prepares what the guest will need: finds the emulator, by `environment`'s PATH if need be, and
 * makes the file of ports. 0, or the exit code (125) after a message.
 */
int customise_start(const struct options *options, char **environment);

/* Is there something to take away when the run is over? And takes it. */
bool customise_stays(void);
void customise_end(void);

#endif
