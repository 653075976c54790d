#ifndef CORACLE_COMMAND_CHILD_H
#define CORACLE_COMMAND_CHILD_H

/* A child that becomes the command, and the pipe in which it tells why it could not. */

/* A signal as a set with nothing else in it. */
unsigned long child_signal(int signal);

/*
 * Waits until the child has executed its program, which closes the pipe, or has told why not with
 * an exit code in it. Returns that code, 0 when the program has started. Closes the pipe.
 */
int child_wait_for_start(int pipe);

#endif
