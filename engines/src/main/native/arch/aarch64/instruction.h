#ifndef CORACLE_ARCH_AARCH64_INSTRUCTION_H
#define CORACLE_ARCH_AARCH64_INSTRUCTION_H

#include <stdbool.h>

/*
 * The few instructions of A64 that patching must know, as pure functions of a word and its address.
 * (Arm Architecture Reference Manual, C4.1 and C6.2.) Every instruction is one aligned word, so a
 * word of code needs no proof that it is an instruction.
 */

enum { INSTRUCTION_BYTES = 4 };

/* svc #0: the kernel is called. It would take any immediate, but nobody uses another. */
#define INSTRUCTION_CALL 0xd4000001U

/* udf #0xc0de: no processor will ever know it. */
#define INSTRUCTION_TRAP 0x0000c0deU

/* A branch whose target is in the instruction: b, bl, b.cond, cbz, cbnz, tbz, tbnz. */
bool instruction_branches(unsigned word, unsigned long address, unsigned long *target);

/* The constant when the word is movz w8 or x8 without a shift: a system call's number. Else -1. */
long instruction_number(unsigned word);

/*
 * Goes on to the next instruction and cannot write w8, since nothing in it that may be the name of
 * a register is 8. Says no in doubt.
 */
bool instruction_keeps_number(unsigned word);

/* b from one address to another; 0, which is no branch, when that is more than 128 MiB away. */
unsigned instruction_branch(unsigned long from, unsigned long to);

/* The halves of a constant of 32 bits in a register: movz, then movk. */
unsigned instruction_movz(unsigned reg, unsigned long constant);
unsigned instruction_movk_high(unsigned reg, unsigned long constant);

#endif
