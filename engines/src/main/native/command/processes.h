#ifndef CORACLE_COMMAND_PROCESSES_H
#define CORACLE_COMMAND_PROCESSES_H

/*
 * Kills every process of a run, wherever it has moved: the mark in its environment is inherited by
 * every fork and renewed by every exec. Nobody has to be its parent or a subreaper for that.
 * Returns how many were still there when the time was up; 0 is the normal case.
 */
unsigned processes_kill(const char *run);

#endif
