#ifndef CORACLE_BASE_REPORT_H
#define CORACLE_BASE_REPORT_H

#include "base/text.h"

/* Exit codes when the guest itself never ran (as env(1) and the container programs use them). */
enum { EXIT_TIMED_OUT = 124, EXIT_ENGINE = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

/* One line on standard error: "coracle-engine: MESSAGE". */
void report(const char *message);

/* "WHAT: the kernel's words for the error", on one line. */
void report_error(const char *what, const char *subject, long error);

/* The name of an errno value, such as "ENOENT"; "errno N" for rare ones goes into `text`. */
void text_add_error(struct text *text, long error);

#endif
