#ifndef CORACLE_COMMAND_CHECK_H
#define CORACLE_COMMAND_CHECK_H

/*
 * `check TREE [--json]`: tells which programs of a tree will not run as under chroot, and why: a
 * line each. Returns the exit code: 0 when there are none, 1 when there are some.
 */
int check_command(char **words);

#endif
