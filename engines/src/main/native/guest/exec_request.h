#ifndef CORACLE_GUEST_EXEC_REQUEST_H
#define CORACLE_GUEST_EXEC_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "intercept/custom.h"
#include "intercept/slot.h"

/* What "#!" lines and an emulator may put in front of the arguments. */
enum { PREFIX_MOST = 3 * EXEC_SCRIPTS_MOST + CUSTOM_EMULATOR_WORDS + 3 };

/* One execve(2) on its way. */
struct request {
	struct slot *slot;
	int directory;
	unsigned long path;
	unsigned long arguments;
	unsigned long environment;
	int flags;
	const char *name;		 /* what the caller has called it, as the program sees it */
	const char *prefix[PREFIX_MOST]; /* what comes in place of argv[0], last first */
	size_t prefixes;
	int descriptor;	  /* of a program that has no path; -1 */
	int kept;	  /* the same, as the new process will find it; -1 */
	bool interpreted; /* slot->walk is where its ELF interpreter lies */
	bool emulated;	  /* of another machine: engine.custom.emulator runs it */
};

/*
 * argv as the program gets it: the guest's own when nothing is put in front, else built in `room`
 * from that, which has `count` arguments. 0 or -errno.
 */
long exec_build_arguments(struct request *request, char **room, size_t count, char ***result);

#endif
