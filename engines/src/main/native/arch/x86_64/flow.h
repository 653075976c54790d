#ifndef CORACLE_ARCH_X86_64_FLOW_H
#define CORACLE_ARCH_X86_64_FLOW_H

#include "decode.h"

/*
 * Completes *out, whose length, opcode and ModRM are known, with what the instruction at code does
 * to control flow and whether it makes eax a constant.
 */
void flow_classify(const unsigned char *code, struct decoded *out);

#endif
