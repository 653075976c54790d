#ifndef CORACLE_INTERCEPT_GUARDED_H
#define CORACLE_INTERCEPT_GUARDED_H

#include <stddef.h>

/*
 * Copies from and to memory of the guest, which may not be there: then they answer -EFAULT as the
 * kernel would. Written in assembly (arch/ARCH/gate.S), recovered in signals.c.
 */
long guarded_copy(void *to, const void *from, size_t size);

/* Up to and with the NUL. The length without it, `size` when there is none in that many bytes. */
long guarded_copy_string(char *to, const char *from, size_t size);

/* Labels around the code above, and where a fault in it goes on. */
extern const char guarded_begin[];
extern const char guarded_end[];
extern const char guarded_fault[];

#endif
