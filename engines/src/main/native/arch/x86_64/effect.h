#ifndef CORACLE_ARCH_X86_64_EFFECT_H
#define CORACLE_ARCH_X86_64_EFFECT_H

#include "decode.h"

/* What an instruction does to rax or any part of it. */
enum effect {
	EFFECT_UNKNOWN, /* not one of the common instructions: expect anything */
	EFFECT_KEEPS,
	EFFECT_WRITES
};

enum effect effect_on_rax(const struct decoded *decoded);

/*
 * False for instructions that no user program executes: privileged ones, port access, far returns,
 * cli and the like. Real code does not contain them; data decoded as code does.
 */
bool effect_is_plausible(const struct decoded *decoded);

#endif
