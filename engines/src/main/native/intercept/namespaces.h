#ifndef CORACLE_INTERCEPT_NAMESPACES_H
#define CORACLE_INTERCEPT_NAMESPACES_H

/*
 * New namespaces would put other mounts, processes or users under the engine's feet. A guest gets
 * the answer of an ordinary user under chroot(2), where even user namespaces are refused.
 */

/* 0, or -EPERM when the flags of clone(2) or unshare(2) ask for any. */
long namespaces_check(unsigned long flags);

#endif
