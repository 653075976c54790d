#include "intercept/state.h"
#include "test/check.h"

/* intercept/state.c: what is written for the next program is what that program reads. */

static struct engine before;
static struct engine after;
static char bytes[16384];

static void round_trip(void)
{
	struct text text = text_in(bytes, sizeof(bytes));
	struct state_program program = {
		.exe = "/usr/bin/dash", .file = "/tree/usr/bin/dash", .name = "bin/sh"};

	before.run = "run-7";
	before.run_length = 5;
	before.identity.given = true;
	before.identity.user = 4294967294U;
	before.identity.group = 12;
	view_set_root(&before.view, "/tree, with:odd 5:names");
	view_add_bind(&before.view, "/", "/host", false);
	view_add_bind(&before.view, "/a", "/longer/one", true);
	view_add_bind(&before.view, "/b", "/longer/two", false);
	state_write(&text, &before, &program);
	check_number("fits", false, text.overflow);
	check_number("marked", true, text_starts(bytes, "CORACLE_ENGINE=run-7:"));
	check_number("read", 0, state_read(&after, bytes));
	check_text("exe", "/usr/bin/dash", after.exe);
	check_text("file", "/tree/usr/bin/dash", after.file);
	check_text("name", "bin/sh", after.name);
	check_number("user", 4294967294L, after.identity.user);
	check_number("group", 12, after.identity.group);
	check_text("root", "/tree, with:odd 5:names", after.view.root);
	check_number("binds", 3, (long)after.view.bind_count);
	for (size_t i = 0; i < 3; i++) {
		check_text("bind", before.view.binds[i].guest, after.view.binds[i].guest);
		check_number(
			"read-only", before.view.binds[i].read_only, after.view.binds[i].read_only);
		check_number("host length", (long)before.view.binds[i].host_length,
			(long)after.view.binds[i].host_length);
	}
}

static void broken(void)
{
	static const char *const texts[] = {
		"CORACLE_ENGINE=",
		"CORACLE_ENGINE=id:",
		"CORACLE_ENGINE=id:5:abc,",
		"CORACLE_ENGINE=id:99999999999999999:abc,",
		"CORACLE_ENGINE=id:1:a,1:b,1:c,x",
		"CORACLE_ENGINE=id:1:a,1:b,1:c,0,0,0,1:/,5,",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		memset(&after, 0, sizeof(after));
		memcpy(bytes, texts[i], strlen(texts[i]) + 1);
		check_number(texts[i], true, state_read(&after, bytes) < 0);
	}
}

int main(void)
{
	round_trip();
	broken();
	return check_report("state");
}
