#ifndef CORACLE_GUEST_SIBLING_H
#define CORACLE_GUEST_SIBLING_H

#include "base/text.h"

/*
 * The program of another guest process. The kernel knows every one of them as the engine; what each
 * really runs stands in the state that the engine has left in its environment (state.h). Returns
 * the length of the guest path put into `exe`, -ENOENT when that process has no state, or another
 * -errno.
 */
long sibling_exe(unsigned long process, struct text *exe);

#endif
