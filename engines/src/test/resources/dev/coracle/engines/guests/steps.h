/* Steps of a guest that leave nothing to each other. */
#ifndef STEPS_H
#define STEPS_H

#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each in a process of its own: what one leaves behind does not spare the next the
 * effort. */
static inline void each_apart(void (*const steps[])(void), size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			steps[i]();
			fflush(stdout);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

#endif
