#ifndef CORACLE_OVERLAY_INODES_H
#define CORACLE_OVERLAY_INODES_H

#include "intercept/slot.h"

struct stat;
struct statx;

/*
 * Inode numbers in an overlay. All of it shows the device of the upper directory; what lies in a
 * lower layer keeps its number, marked in the highest byte when it is of another file system; a
 * copy keeps the number of what it was copied from, and a merged directory that of its uppermost
 * lower part. So numbers neither change with a copy nor meet.
 */
unsigned long inodes_of(unsigned long device, unsigned long inode);

/* What the guest sees of a file of a layer (0 the upper). */
unsigned long inodes_shown(unsigned layer, unsigned long inode, bool directory);

/*
 * Corrects what the kernel has said of slot->walk's object, or of that behind a descriptor (or
 * AT_FDCWD) when one is given.
 */
void inodes_show_stat(struct slot *slot, struct stat *status, const int *descriptor);
void inodes_show_statx(struct slot *slot, struct statx *status, const int *descriptor);

#endif
