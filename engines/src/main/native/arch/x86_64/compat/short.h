#ifndef CORACLE_COMPAT_SHORT_H
#define CORACLE_COMPAT_SHORT_H

/* Users and groups of 16 bits: what does not fit has a name for that (kernel/sys.c, overflowuid).
 */
enum { SHORT_MOST = 0xffff, SHORT_OVERFLOW = 65534 };

static inline unsigned short short_id(unsigned id)
{
	return (unsigned short)(id > SHORT_MOST ? SHORT_OVERFLOW : id);
}

#endif
