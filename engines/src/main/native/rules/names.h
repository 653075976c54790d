#ifndef CORACLE_RULES_NAMES_H
#define CORACLE_RULES_NAMES_H

/* The name of a system call that has a row, "?" for any other. */
const char *rule_name(unsigned long number);

#endif
