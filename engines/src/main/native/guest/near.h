#ifndef CORACLE_GUEST_NEAR_H
#define CORACLE_GUEST_NEAR_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * What slot->walk found, for the kernel: where the working directory is the tree's root, the path
 * from there, which spares the kernel the way to the tree. Somebody may go elsewhere meanwhile:
 * only an answer for which near_held() is true afterwards counts.
 */
const char *near_host(struct slot *slot);
bool near_held(const struct slot *slot);

/*
 * The same for a call that takes hold of something: only while no other thread could go elsewhere.
 * A handler of this one still might, just before the call.
 */
const char *near_host_alone(struct slot *slot);

/* A thread is about to be made. */
void near_with_others(void);

/* In the child of a fork, where no other thread is. */
void near_in_child(void);

#endif
