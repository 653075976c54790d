#ifndef CORACLE_COMMAND_JSON_H
#define CORACLE_COMMAND_JSON_H

#include "base/text.h"

/* Adds a string of JSON, quotes included. Bytes that are not ASCII go as they are. */
void json_add_text(struct text *text, const char *value);

#endif
