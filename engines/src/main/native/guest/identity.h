#ifndef CORACLE_GUEST_IDENTITY_H
#define CORACLE_GUEST_IDENTITY_H

#include <stdbool.h>

#include "base/text.h"
#include "intercept/identity.h"

/* What the guest believes about its user and group. Called once, before the guest runs. */
void identity_start(void);

/* Does the guest have this capability, by its number (CAP_...)? */
bool identity_may(unsigned capability);

/* Is this one of the groups that files are looked at with? */
bool identity_in_group(unsigned group);

/*
 * Lines of /proc/PID/status as the guest has to see them, when `given`: "Uid:" and "Gid:";
 * "Groups:"; "CapInh:" to "CapAmb:".
 */
void identity_status_ids(struct text *text, const struct identity *identity);
void identity_status_groups(struct text *text, const struct identity *identity);
void identity_status_capabilities(struct text *text, const struct identity *identity);

/*
 * A child of vfork(2) shares our memory. Its parent keeps a copy while it waits, and takes it back.
 */
void identity_put_aside(struct identity *copy);
void identity_take_back(const struct identity *copy);

#endif
