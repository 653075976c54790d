#ifndef CORACLE_ARCH_INTERRUPTED_H
#define CORACLE_ARCH_INTERRUPTED_H

struct ucontext;

/* As on x86_64; here a handler sees the engine's own place. */
static inline void interrupted_show_site(struct ucontext *context)
{
	(void)context;
}

#endif
