#include "intercept/state.h"
#include "test/check.h"

/* intercept/state.c: what is written for the next program is what that program reads. */

static struct engine before;
static struct engine after;
static char bytes[16384];

static void round_trip(void)
{
	struct text text = text_in(bytes, sizeof(bytes));
	struct state_program program = {.exe = "/usr/bin/dash",
		.file = "/tree/usr/bin/dash",
		.name = "bin/sh",
		.interpreter = "/tree/lib/ld.so",
		.identity = &before.identity};

	before.run = "run-7";
	before.run_length = 5;
	before.changes = "/tmp/changes-7";
	before.identity.given = true;
	before.identity.user.effective = 4294967294U;
	before.identity.group.first = 12;
	before.identity.capabilities.bounding = 0xffffffffffUL;
	before.identity.group_count = 2;
	before.identity.groups[1] = 33;
	before.identity.owners = "/tree.owners";
	before.identity.device = 0xfffffffff;
	before.custom = (struct custom){.kernel = "5.4.0, other:one",
		.learned = "/tmp/ports",
		.emulator = {"/usr/bin/qemu", "-cpu"},
		.emulator_words = 2,
		.ports = {{80, 8080}, {65535, 1}},
		.port_count = 2};
	before.index = (struct index_identity){.path = "/tree.index",
		.tree_device = 66305,
		.inode = 17,
		.size = 1UL << 40,
		.changed = 1764000000,
		.changed_nanos = 999999999};
	before.program = (struct own_program){.path = "/opt/coracle-engine", .inode = 18};
	before.trapping = TRAPPING_ON | GUEST_FILTER;
	view_set_root(&before.view, "/tree, with:odd 5:names");
	view_add_bind(&before.view, "/", "/host", false);
	view_add_bind(&before.view, "/a", "/longer/one", true);
	view_add_bind(&before.view, "/b", "/longer/two", false);
	before.view.upper = true;
	before.view.device = 2049;
	view_add_layer(&before.view, "/lower", 2050);
	view_add_layer(&before.view, "/", 0);
	state_write(&text, &before, &program);
	check_number("fits", false, text.overflow);
	check_number("marked", true, text_starts(bytes, "CORACLE_ENGINE=run-7:"));
	check_number("read", 0, state_read(&after, bytes));
	check_text("exe", "/usr/bin/dash", after.exe);
	check_text("file", "/tree/usr/bin/dash", after.file);
	check_text("name", "bin/sh", after.name);
	check_text("changes", "/tmp/changes-7", after.changes);
	check_text("interpreter", "/tree/lib/ld.so", after.interpreter);
	check_number("user", 4294967294L, after.identity.user.effective);
	check_number("group", 12, after.identity.group.first);
	check_number("capabilities", 0xffffffffff, (long)after.identity.capabilities.bounding);
	check_number("groups", 2, after.identity.group_count);
	check_number("second group", 33, after.identity.groups[1]);
	check_text("owners", "/tree.owners", after.identity.owners);
	check_number("device", 0xfffffffff, (long)after.identity.device);
	check_text("kernel", "5.4.0, other:one", after.custom.kernel);
	check_text("learned", "/tmp/ports", after.custom.learned);
	check_number("emulator", 2, (long)after.custom.emulator_words);
	check_text("its option", "-cpu", after.custom.emulator[1]);
	check_number("ports", 2, (long)after.custom.port_count);
	check_number("port", 65535, after.custom.ports[1].guest);
	check_number("its number", 8080, after.custom.ports[0].host);
	check_text("index", "/tree.index", after.index.path);
	check_number("tree's device", 66305, (long)after.index.tree_device);
	check_number("index inode", 17, (long)after.index.inode);
	check_number("index size", 1L << 40, (long)after.index.size);
	check_number("index changed", 1764000000, (long)after.index.changed);
	check_number("index nanos", 999999999, (long)after.index.changed_nanos);
	check_text("engine", "/opt/coracle-engine", after.program.path);
	check_number("engine's inode", 18, (long)after.program.inode);
	check_number("trapping", TRAPPING_ON | GUEST_FILTER, after.trapping);
	check_text("root", "/tree, with:odd 5:names", after.view.root);
	check_number("upper", true, after.view.upper);
	check_number("no points", false, after.view.points);
	check_number("device", 2049, (long)after.view.device);
	check_number("layers", 2, (long)after.view.layer_count);
	check_text("layer", "/lower", after.view.layers[0].host);
	check_number("layer device", 2050, (long)after.view.layers[0].device);
	check_number("layer length", 0, (long)after.view.layers[1].length);
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
		"CORACLE_ENGINE=id:1:a,1:b,1:c,0:,0:,0,0:,0:,0,0,0:,0,0,0,0,0,1:/,5,",
		"CORACLE_ENGINE=id:1:a,1:b,1:c,0:,0:,0,0:,0:,9,",
		"CORACLE_ENGINE=id:1:a,1:b,1:c,0:,0:,0,0:,0:,0,65,",
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
