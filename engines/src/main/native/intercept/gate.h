#ifndef CORACLE_INTERCEPT_GATE_H
#define CORACLE_INTERCEPT_GATE_H

/* Offsets of struct slot (slot.h), for assembly; slot.c proves them equal. */
#define GATE_NUMBER 0
#define GATE_ARGUMENT 8
#define GATE_ORIGINAL 56
#define GATE_RESUME 104
#define GATE_STACK 112
#define GATE_SAVED 120
#define GATE_RESULT 264
#define GATE_PENDING 272
#define GATE_PENDING_MASK 280
#define GATE_LEAVE 288
#define GATE_OWNER 296
#define GATE_SEQUENCE 304
#define GATE_ALTERNATE_AWAY 312
#define GATE_ALTERNATE 320
#define GATE_SLOT_SHIFT 17
#define GATE_SLOT_COUNT 256

#endif
