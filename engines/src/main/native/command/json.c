#include "command/json.h"

static const char digits[] = "0123456789abcdef";

void json_add_text(struct text *text, const char *value)
{
	text_add(text, "\"");
	for (; *value != '\0'; value++) {
		unsigned char byte = (unsigned char)*value;

		if (byte == '"' || byte == '\\')
			text_add(text, "\\");
		if (byte >= ' ') {
			text_add_bytes(text, value, 1);
			continue;
		}
		text_add(text, "\\u00");
		text_add_bytes(text, &digits[byte >> 4], 1);
		text_add_bytes(text, &digits[byte & 15], 1);
	}
	text_add(text, "\"");
}
