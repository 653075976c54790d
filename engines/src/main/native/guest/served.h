#ifndef CORACLE_GUEST_SERVED_H
#define CORACLE_GUEST_SERVED_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/slot.h"

struct stat;
struct statx;

/*
 * Files of /proc that would tell of the host or of the engine. The kernel opens the real one, so
 * that permissions, flags and errors are its own; then the guest is given in its place an anonymous
 * file that holds the text as the guest should read it. It is the text of that moment: reading
 * again from the start does not renew it, opening again does.
 */

/* One such file on its way. Producers write into `out`, and may use `slot`'s scratch space. */
struct served {
	struct slot *slot;
	int source;	       /* the kernel's file; read it with pread(2) from 0 on */
	unsigned long process; /* whose it is, as /proc names it: may be a thread */
	unsigned long thread;  /* of a file below task/, else the same */
	struct text out;
};

/* The producers: 0 or -errno. What does not fit shows as overflow of `out`. */
long maps_produce(struct served *served);	  /* maps and smaps */
long maps_produce_numa(struct served *served);	  /* numa_maps */
long mounts_produce(struct served *served);	  /* mounts */
long mounts_produce_info(struct served *served);  /* mountinfo */
long mounts_produce_stats(struct served *served); /* mountstats */
long facts_produce_status(struct served *served);
long facts_produce_environ(struct served *served);
long facts_produce_auxv(struct served *served);
long release_produce(struct served *served); /* sys/kernel/osrelease */
long release_produce_version(struct served *served);
long sockets_produce(struct served *served); /* net/unix */

/* May this call, about to go to the kernel, open such a file? `path` as the kernel gets it. */
bool served_may_open(const char *path);

/* To run when the kernel has answered an open(2) of any kind. */
enum slot_action served_leave(struct slot *slot);

/*
 * Such a file looks to stat(2) as in /proc: no size, one name. `empty` tells that the call was
 * about a descriptor.
 */
void served_show_stat(struct stat *status);
void served_show_statx(struct statx *status);

/* True once this process, or one it was forked from, was given such a file. */
extern bool served_any;

/* The name in /proc of an anonymous file of ours, whose name according to the kernel this is. */
bool served_name(const char *link, struct text *name);

#endif
