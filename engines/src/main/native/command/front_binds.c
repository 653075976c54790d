#include "command/front_binds.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "path/view.h"

/* Strings that are kept for good. */
static char kept_bytes[OPTIONS_BINDS_MOST * 256];
static size_t kept_length;

static const char *const of_the_host[] = {"/etc/host.conf", "/etc/hosts", "/etc/hosts.equiv",
	"/etc/netgroup", "/etc/networks", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
	"/etc/resolv.conf", "/etc/localtime", "/dev", "/sys", "/proc", "/tmp", "/run",
	"/var/run/dbus/system_bus_socket"};

static const char *const of_the_system[] = {"/etc/host.conf", "/etc/hosts", "/etc/nsswitch.conf",
	"/etc/resolv.conf", "/dev", "/sys", "/proc", "/tmp", "/run/shm"};

static int complain(const char *message, const char *subject)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, message);
	text_add(&text, " ");
	text_add(&text, subject);
	report(text.at);
	return -1;
}

/* What is kept next, and the end of it. */
static struct text begin(void)
{
	return text_in(kept_bytes + kept_length, sizeof(kept_bytes) - kept_length);
}

static const char *end(const struct text *text)
{
	if (text->overflow) {
		complain("paths are too long at", text->at);
		return NULL;
	}
	kept_length += text->length + 1;
	return text->at;
}

static void add_absolute(struct text *text, const char *path, size_t length)
{
	char directory[PATH_BYTES];
	long known = sys_getcwd(directory, sizeof(directory));

	if (path[0] != '/' && known > 1) {
		text_add(text, directory);
		text_add(text, known > 2 && length > 0 ? "/" : "");
	}
	text_add_bytes(text, path, length);
}

const char *front_absolute(const char *path)
{
	struct text text = begin();

	add_absolute(&text, path, strlen(path));
	return end(&text);
}

static int add(struct options *options, const char *bind, bool exact)
{
	if (bind == NULL)
		return -1;
	if (options->bind_count == OPTIONS_BINDS_MOST)
		return complain("too many binds at", bind);
	options->bind_exact[options->bind_count] = exact;
	options->binds[options->bind_count++] = bind;
	return 0;
}

static bool is_there(const char *path)
{
	return sys_faccessat2(AT_FDCWD, path, 0, 0) == 0;
}

/* Shown under the name that it has on the host. */
static int bind_same(struct options *options, const char *path)
{
	struct text text = begin();

	add_absolute(&text, path, strlen(path));
	text_add(&text, ":");
	add_absolute(&text, path, strlen(path));
	return add(options, end(&text), false);
}

/* What is not there is left out: PRoot says so, and goes on. */
static int left_out(const struct options *options, const char *host)
{
	if (!options->quiet)
		report_error("this bind is left out:", host, -ENOENT);
	return 0;
}

int front_bind(struct options *options, const char *value)
{
	struct text text = begin();
	size_t colon = 0;
	size_t length;
	bool exact;

	while (value[colon] != ':' && value[colon] != '\0')
		colon++;
	if (value[colon] == '\0')
		return is_there(value) ? bind_same(options, value) : left_out(options, value);
	add_absolute(&text, value, colon);
	if (!is_there(text.at))
		return left_out(options, text.at);
	value += colon + 1;
	if (value[0] != '/')
		return complain("the place of a bind must be absolute, got", value);
	length = strlen(value);
	exact = value[length - 1] == '!';
	text_add(&text, ":");
	text_add_bytes(&text, value, exact ? length - 1 : length);
	return add(options, end(&text), exact);
}

static int bind_all(struct options *options, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_there(paths[i]) && bind_same(options, paths[i]) < 0)
			return -1;
	}
	return 0;
}

/* The tree is found under its name on the host as well. */
static int bind_own(struct options *options, const char *tree, const char *home)
{
	if (home != NULL && home[0] == '/' && home[1] != '\0' && is_there(home) &&
		bind_same(options, home) < 0)
		return -1;
	return strcmp(tree, "/") != 0 && is_there(tree) ? bind_same(options, tree) : 0;
}

int front_bind_host(struct options *options, const char *tree, const char *home)
{
	size_t count = sizeof(of_the_host) / sizeof(of_the_host[0]);

	return bind_all(options, of_the_host, count) < 0 ? -1 : bind_own(options, tree, home);
}

int front_bind_system(struct options *options, const char *tree, const char *home)
{
	size_t count = sizeof(of_the_system) / sizeof(of_the_system[0]);

	return bind_all(options, of_the_system, count) < 0 ? -1 : bind_own(options, tree, home);
}
