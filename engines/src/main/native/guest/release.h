#ifndef CORACLE_GUEST_RELEASE_H
#define CORACLE_GUEST_RELEASE_H

/* A release as uname(2) has room for it. */
enum { RELEASE_MOST = 64 };

/*
 * Tells of engine.custom.kernel where a C library may look before it calls uname(2): in the note of
 * the kernel's vDSO, which lies at this address.
 */
void release_start(unsigned long vdso);

#endif
