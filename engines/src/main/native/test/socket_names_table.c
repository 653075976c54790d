#include "guest/socket_names.h"
#include "test/check.h"

/* guest/socket_names: what is bound, and what each process of the run makes of it. */

struct row {
	const char *guest;
	const char *name;
};

static const struct row encoded[] = {
	{"/work/a/b", "work//a/b"},
	{"/top", ".//top"},
	{"/mnt/data/sub/x/s", ".//./x/s"},
	{"/mnt/data/s", ".//.//s"},
	{"/etc/one/.hidden", ".//././.hidden"},
	{"/last/s", ".//.///s"},
};

static const struct row shown[] = {
	{"/work/s", "/tree/work/s"},
	{"/mnt/data/s", "/data/s"},
	{"", "/elsewhere/s"},
	{"", "plain"},
	{"", "./dot"},
	{"", "a/b"},
	{"", ".//.///////s"},
};

int main(void)
{
	static struct view view;
	static char bytes[PATH_BYTES];
	static char back[PATH_BYTES];

	view_set_root(&view, "/tree");
	view_add_bind(&view, "/deep", "/mnt/data/sub", false);
	view_add_bind(&view, "/data", "/mnt/data", false);
	view_add_bind(&view, "/one", "/etc/one", false);
	view_add_bind(&view, "/l", "/last", false);
	for (size_t i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
		struct text name = text_in(bytes, sizeof(bytes));
		struct text guest = text_in(back, sizeof(back));

		socket_name_encode(&view, encoded[i].guest, &name);
		check_number(encoded[i].guest, 0,
			socket_name_decode(&view, name.at, name.length, &guest));
		check_text(name.at, encoded[i].guest, guest.at);
		check_text(encoded[i].guest, encoded[i].name, name.at);
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct text guest = text_in(back, sizeof(back));
		long error =
			socket_name_decode(&view, shown[i].name, strlen(shown[i].name), &guest);

		check_number(shown[i].name, shown[i].guest[0] != '\0' ? 0 : -22, error);
		if (error == 0)
			check_text(shown[i].name, shown[i].guest, guest.at);
	}
	return check_report("socket_names");
}
