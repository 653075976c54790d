#ifndef CORACLE_INTERCEPT_THREAD_NAME_H
#define CORACLE_INTERCEPT_THREAD_NAME_H

/* Without the NUL that ends it. */
enum { THREAD_NAME_MOST = 15 };

/*
 * Names the calling thread. Lambda refuses the prctl(2), and there are programs that end for it;
 * the file in /proc does the same. 0 or -errno, of the prctl.
 */
long thread_name_set(const char *name);

#endif
