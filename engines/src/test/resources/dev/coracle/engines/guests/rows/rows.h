/*
 * A guest that makes the system calls of the engine's table by number, with every kind of path, and prints what came of each.
 * It says nothing about what is right: the same program under a real chroot does.
 */
#ifndef ROWS_H
#define ROWS_H

#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>

/* One way to name a file. */
struct form {
	const char *group;
	const char *name; /* NULL: the path itself */
	int directory;	  /* as *at calls take it */
	const char *path;
};

/* One way to make one call. */
struct call {
	const char *family;
	const char *name;
	long (*run)(int dir, const char *path); /* result or -errno */
	bool at;				/* takes a directory */
};

/* forms.c */
extern const struct form *forms;
extern size_t form_count;
void forms_prepare(void);
void forms_hold(void); /* opens the fixture's own directories again */

/* fixture.c: the directory that the forms name, made anew after each change. */
#define FIXTURE "/work/f"
#define OUTSIDE "/work/o"
void fixture_prepare(const char *group);
void fixture_show_changes(void);

/* calls.c */
extern const struct call calls[];
extern const size_t call_count;

/* note.c: what a call gave besides its result; printed behind it. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note_clear(void);
const char *note_text(void);
const char *error_name(long error);
long raw(long result); /* of syscall(2): result or -errno */

#endif
