#ifndef CORACLE_ARCH_AARCH64_ROOM_H
#define CORACLE_ARCH_AARCH64_ROOM_H

/*
 * How far below the guest's stack pointer its x16 and x17 are saved. The procedure call standard
 * keeps nothing there, but Go hands a new thread its function in 32 bytes below its stack's top.
 */
#define ROOM 128

#endif
