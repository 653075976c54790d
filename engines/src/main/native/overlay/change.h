#ifndef CORACLE_OVERLAY_CHANGE_H
#define CORACLE_OVERLAY_CHANGE_H

#include "intercept/slot.h"

struct stat;
struct upper_place;

/*
 * Makes what slot->walk has found one of the upper directory's, with the directories above it,
 * before it is changed; nothing when it is one already. Without `data` a file comes out empty. Then
 * slot->walk tells the place in the upper directory. 0 or -errno.
 */
long change_copy_up(struct slot *slot, bool data);

/* The same for the directory that holds it, so that the name can be made, hidden or taken away. */
long change_copy_parent(struct slot *slot);

/* Looks once more, since it may have changed: sets slot->walk's mask and parent for its path. */
void change_look_again(struct slot *slot);

/* The layers under the upper one that have something by this path's name. */
unsigned long change_lower(struct slot *slot);

/* What the guest sees of slot->walk. */
long change_status(struct slot *slot, struct stat *status);

/* 0, or -ENOTEMPTY when the guest sees something in the directory of slot->walk. */
long change_check_empty(struct slot *slot);

/* Takes the whiteouts out of a directory of the upper layer, which must be hiding nothing any more.
 */
long change_clear(const struct upper_place *directory);

/* -EACCES when the guest may not write in this directory (of any layer, whatever it is on). */
long change_check_directory(struct slot *slot);

/* Whether the guest is a root that only seems so: no permission is checked then. */
bool change_is_free(void);

#endif
