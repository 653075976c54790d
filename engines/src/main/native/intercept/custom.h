#ifndef CORACLE_INTERCEPT_CUSTOM_H
#define CORACLE_INTERCEPT_CUSTOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct state_reader;

enum { CUSTOM_PORTS_MOST = 64, CUSTOM_EMULATOR_WORDS = 8 };

/* A port as the guest knows it, and as the host does. */
struct custom_port {
	unsigned short guest;
	unsigned short host;
};

/* What a run asks for beyond its tree and its user. Constant once the run has begun. */
struct custom {
	const char *kernel;  /* the release that the guest is told, or NULL: the host's */
	const char *learned; /* file of the ports that the run was given, or NULL: none are */
	const char *emulator[CUSTOM_EMULATOR_WORDS]; /* a program of the host, and its options */
	size_t emulator_words;			     /* 0: there is none */
	struct custom_port ports[CUSTOM_PORTS_MOST];
	size_t port_count;
	bool copies_links; /* where the host refuses a hard link */
};

/* As a piece of the state that travels over execve(2) (state.h). */
void custom_write(struct text *text, const struct custom *custom);
void custom_read(struct state_reader *reader, struct custom *custom);

#endif
