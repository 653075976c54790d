#ifndef CORACLE_ARCH_INTERRUPTED_H
#define CORACLE_ARCH_INTERRUPTED_H

struct ucontext;

/*
 * A handler of the guest is about to see where it interrupted its program. In a call that the
 * engine only hands on, that is made to be the guest's own system-call instruction, or the place
 * behind it, with the guest's registers: musl's cancellation compares the address, and unwinders
 * know no code of ours.
 */
void interrupted_show_site(struct ucontext *context);

#endif
