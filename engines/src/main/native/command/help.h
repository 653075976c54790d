#ifndef CORACLE_COMMAND_HELP_H
#define CORACLE_COMMAND_HELP_H

/* What `coracle-engine help` says. 0 or -errno. */
long help_print(void);

#endif
