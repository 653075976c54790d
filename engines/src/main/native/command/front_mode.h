#ifndef CORACLE_COMMAND_FRONT_MODE_H
#define CORACLE_COMMAND_FRONT_MODE_H

/*
 * The mode for a command line that names none: CORACLE_PROOT_MODE, else P1 where this host allows a
 * tracer and a seccomp filter and PROOT_NO_SECCOMP is not set, else F1.
 */
const char *front_mode(char **environment);

/* What follows "NAME=" in the environment, or NULL. */
const char *front_variable(char **environment, const char *name);

#endif
