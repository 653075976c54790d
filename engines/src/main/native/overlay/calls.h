#ifndef CORACLE_OVERLAY_CALLS_H
#define CORACLE_OVERLAY_CALLS_H

#include "intercept/slot.h"

/* The functions of rows.def. */
enum slot_action overlay_access(struct slot *slot);
enum slot_action overlay_faccessat(struct slot *slot);
enum slot_action overlay_fchmod(struct slot *slot);
enum slot_action overlay_fchown(struct slot *slot);
enum slot_action overlay_fremovexattr(struct slot *slot);
enum slot_action overlay_fsetxattr(struct slot *slot);
enum slot_action overlay_fstat(struct slot *slot);
enum slot_action overlay_rename(struct slot *slot);
enum slot_action overlay_renameat(struct slot *slot);
enum slot_action overlay_renameat2(struct slot *slot);
enum slot_action overlay_rmdir(struct slot *slot);
enum slot_action overlay_statfs(struct slot *slot);
enum slot_action overlay_unlink(struct slot *slot);
enum slot_action overlay_unlinkat(struct slot *slot);

#endif
