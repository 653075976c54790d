#ifndef CORACLE_GUEST_IDENTITY_H
#define CORACLE_GUEST_IDENTITY_H

/* A program begins as the user and group that it was executed as. */
void identity_start(void);

#endif
