#include "command/json.h"

#include "test/check.h"

static const struct {
	const char *what;
	const char *value;
	const char *expected;
} rows[] = {
	{"plain", "a b/c", "\"a b/c\""},
	{"nothing", "", "\"\""},
	{"quotes and backslashes", "a\"b\\c", "\"a\\\"b\\\\c\""},
	{"control characters",
		"a\nb\x1f"
		"c",
		"\"a\\u000ab\\u001fc\""},
	{"bytes that are not ASCII", "\xc3\xa4", "\"\xc3\xa4\""},
};

int main(void)
{
	char bytes[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text text = text_in(bytes, sizeof(bytes));

		json_add_text(&text, rows[i].value);
		check_text(rows[i].what, rows[i].expected, text.at);
	}
	struct text narrow = text_in(bytes, 4);

	json_add_text(&narrow, "long");
	check_number("what does not fit is told", 1, narrow.overflow);
	return check_report("json");
}
