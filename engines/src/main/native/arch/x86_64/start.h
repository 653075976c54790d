#ifndef CORACLE_ARCH_START_H
#define CORACLE_ARCH_START_H

/* Gives the processor to a program as execve(2) does: registers zero, the stack as given. */
__attribute__((noreturn)) void start_guest(unsigned long entry, unsigned long *stack);

#endif
