#ifndef CORACLE_GUEST_REFUSED_H
#define CORACLE_GUEST_REFUSED_H

#include <stdbool.h>

#include "intercept/slot.h"

/*
 * Options of prctl(2) that the filter of a host like Lambda refuses, although they need no right at
 * all. There are programs that end for it: Perl, and with it Debian's adduser, for a name,
 * PostgreSQL for a signal, setpriv for privileges. A filter that the guest has brought itself has
 * the last word.
 */

/* Was this answer the host's no? */
bool refused_by_host(const struct slot *slot);

/* PR_SET_NAME, PR_SET_PDEATHSIG, PR_GET_PDEATHSIG */
enum slot_action refused_set_name(struct slot *slot);
enum slot_action refused_set_death(struct slot *slot);
enum slot_action refused_get_death(struct slot *slot);

#endif
