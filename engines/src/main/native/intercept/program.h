#ifndef CORACLE_INTERCEPT_PROGRAM_H
#define CORACLE_INTERCEPT_PROGRAM_H

/*
 * The engine's own program, which every execve(2) of the guest executes. /proc/self/exe is always
 * that, but looking up two names in /proc costs the kernel more than any other path.
 */
struct own_program {
	const char *path; /* empty when it is not known */
	unsigned long device;
	unsigned long inode;
	unsigned long changed;
	unsigned long changed_nanos;
};

/* Finds out where it lies, once for each run. */
void program_find(struct own_program *program);

/* A path of it: where it lies, if it still does. */
const char *program_path(const struct own_program *program);

#endif
