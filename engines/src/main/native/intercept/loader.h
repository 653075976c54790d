#ifndef CORACLE_INTERCEPT_LOADER_H
#define CORACLE_INTERCEPT_LOADER_H

/*
 * Does what execve(2) does for an ELF program, in this process: maps the guest's program and its
 * interpreter, patches them, completes the stack that the kernel has built for the engine, and goes
 * to the guest's first instruction. (fs/binfmt_elf.c says what programs rely on.)
 *
 * `stack` is the process's initial stack: argc, argv, environment, auxiliary vector. Its last
 * environment string is the engine's state (state.h). Does not return; exits with 126 or 127 and a
 * message when the program cannot be loaded.
 */
__attribute__((noreturn)) void loader_start(unsigned long *stack, char *state);

#endif
