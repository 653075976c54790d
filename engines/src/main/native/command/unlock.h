#ifndef CORACLE_COMMAND_UNLOCK_H
#define CORACLE_COMMAND_UNLOCK_H

/*
 * Opens what lies in a tree to its owner, who is not root and runs a guest that believes it is, and
 * remembers the modes. Needed once: later modes are set by guests. 0, or -errno when some of it
 * could not be done.
 */
long unlock_tree(const char *root);

#endif
