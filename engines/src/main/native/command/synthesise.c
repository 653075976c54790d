#include "command/synthesise.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <linux/utsname.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/proc.h"
#include "intercept/engine.h"
#include "intercept/paths.h"

static const char directory_suffix[] = ".coracle-files";

/* What the tree has; nothing where it has no such file. */
struct content {
	const char *at;
	size_t length;
};

static struct content read_content(const char *host)
{
	struct content content = {.at = "", .length = 0};
	struct statx status;
	long file = sys_openat(AT_FDCWD, host, O_RDONLY | O_CLOEXEC, 0);
	long mapped;

	if (file < 0)
		return content;
	if (sys_statx((int)file, "", AT_EMPTY_PATH, STATX_SIZE, &status) == 0 &&
		status.stx_size > 0) {
		mapped = sys_mmap(0, status.stx_size, PROT_READ, MAP_PRIVATE, (int)file, 0);
		if (!sys_failed(mapped)) {
			content.at = (const char *)mapped;
			content.length = status.stx_size;
		}
	}
	sys_close((int)file);
	return content;
}

/* Is there a line with this number in its third field? */
static bool has_id(const struct content *content, unsigned id)
{
	unsigned field = 0;
	unsigned long number = 0;
	bool digits = false;

	for (size_t i = 0; i < content->length; i++) {
		char byte = content->at[i];

		if (byte == ':' || byte == '\n') {
			if (field == 2 && digits && number == id)
				return true;
			field = byte == '\n' ? 0 : field + 1;
			number = 0;
			digits = false;
		} else if (field == 2 && byte >= '0' && byte <= '9' && number <= ~0U) {
			number = number * 10 + (unsigned)(byte - '0');
			digits = true;
		}
	}
	return false;
}

static bool has_word(const struct content *content, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= content->length; i++) {
		bool begins = i == 0 || content->at[i - 1] <= ' ';
		bool ends = i + length == content->length || content->at[i + length] <= ' ';

		if (begins && ends && memcmp(content->at + i, word, length) == 0)
			return true;
	}
	return false;
}

static void add_name(struct text *entry, const char *kind, unsigned id)
{
	text_add(entry, id == 0 ? "root" : kind);
	if (id != 0)
		text_add_number(entry, (long)id);
	text_add(entry, ":x:");
	text_add_number(entry, (long)id);
	text_add(entry, ":");
}

static bool fits_field(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == ':' || *text == '\n')
			return false;
	}
	return true;
}

static unsigned user(void)
{
	return engine.identity.given ? engine.identity.user.first : (unsigned)sys_getuid();
}

static unsigned group(void)
{
	return engine.identity.given ? engine.identity.group.first : (unsigned)sys_getgid();
}

/* What the tree's file lacks; nothing when it is good as it is. */
static long find_missing(
	const char *name, const struct content *content, const char *home, struct text *missing)
{
	struct new_utsname host;

	if (strcmp(name, "passwd") == 0 && !has_id(content, user())) {
		add_name(missing, "user", user());
		text_add_number(missing, (long)group());
		text_add(missing, "::");
		text_add(missing, fits_field(home) ? home : "/");
		text_add(missing, ":/bin/sh\n");
	} else if (strcmp(name, "group") == 0 && !has_id(content, group())) {
		add_name(missing, "group", group());
		text_add(missing, "\n");
	} else if (strcmp(name, "hosts") == 0) {
		if (!has_word(content, "localhost"))
			text_add(missing, "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n");
		if (sys_uname(&host) == 0 && !has_word(content, host.nodename)) {
			text_add(missing, "127.0.1.1\t");
			text_add(missing, host.nodename);
			text_add(missing, "\n");
		}
	} else if (strcmp(name, "passwd") != 0 && strcmp(name, "group") != 0) {
		return -EINVAL;
	}
	return missing->overflow ? -ENAMETOOLONG : 0;
}

static long write_all(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		long written = sys_write(file, bytes, length);

		if (written <= 0)
			return written < 0 ? written : -EIO;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Aside, then renamed: another run may be reading the file of this name. */
static long write_file(
	const struct text *host, const struct content *content, const struct text *missing)
{
	static char name[PATH_HOST_BYTES];
	struct text aside = text_in(name, sizeof(name));
	bool ends = content->length == 0 || content->at[content->length - 1] == '\n';
	long file;
	long error;

	text_add(&aside, host->at);
	text_add(&aside, ".");
	text_add_number(&aside, sys_getpid());
	if (aside.overflow || host->overflow)
		return -ENAMETOOLONG;
	file = sys_openat(
		AT_FDCWD, aside.at, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (file < 0)
		return file;
	error = write_all((int)file, content->at, content->length);
	if (error == 0 && !ends)
		error = write_all((int)file, "\n", 1);
	if (error == 0)
		error = write_all((int)file, missing->at, missing->length);
	sys_close((int)file);
	if (error == 0)
		error = sys_renameat2(AT_FDCWD, aside.at, host->at, 0);
	return error;
}

/* One file for all runs of the same user, whose content is the same. */
static long name_file(const char *name, struct text *host)
{
	long error;

	text_add(host, engine.view.root);
	text_add(host, directory_suffix);
	if (host->overflow)
		return -ENAMETOOLONG;
	error = sys_mkdirat(AT_FDCWD, host->at, 0755);
	if (error < 0 && error != -EEXIST)
		return error;
	text_add(host, "/");
	text_add(host, name);
	text_add(host, "-");
	text_add_number(host, (long)user());
	text_add(host, "-");
	text_add_number(host, (long)group());
	return host->overflow ? -ENAMETOOLONG : 0;
}

/*
 * Says which file of the host to show in the guest, and where. 1; 0 when the tree's own file is
 * good as it is; or -errno, -EINVAL for a name that is not known.
 */
static long make_file(struct slot *slot, const char *name, const char *home, struct text *host,
	struct text *guest)
{
	static char missing_bytes[PATH_BYTES];
	struct text missing = text_in(missing_bytes, sizeof(missing_bytes));
	struct content content;
	long error;

	text_clear(host);
	text_clear(guest);
	text_add(guest, "/etc/");
	text_add(guest, name);
	/* The host's resolver is the only one that works here, and may change. */
	if (strcmp(name, "resolv.conf") == 0) {
		text_add(host, "/etc/resolv.conf");
		return sys_faccessat2(AT_FDCWD, host->at, 0, 0) == 0 ? 1 : 0;
	}
	error = walk_path(&slot->walk, &engine.view, &paths_host, "/", guest->at, WALK_FOLLOW);
	content = error == 0 ? read_content(slot->walk.host.at)
			     : (struct content){.at = "", .length = 0};
	error = find_missing(name, &content, home, &missing);
	if (error < 0 || missing.length == 0)
		return error;
	error = name_file(name, host);
	if (error == 0)
		error = write_file(host, &content, &missing);
	return error < 0 ? error : 1;
}

/* Strings that binds point to, for good. */
static char kept_bytes[8 * PATH_BYTES];
static struct text kept;

static const char *keep(const char *bytes)
{
	const char *at = kept.at + kept.length;

	text_add(&kept, bytes);
	if (!kept.overflow)
		kept.length++;
	return at;
}

/* The host's path without any symbolic link in it. */
static long real_path(struct text *host)
{
	long file = sys_openat(AT_FDCWD, host->at, O_PATH | O_CLOEXEC, 0);
	long length;

	if (file < 0)
		return file;
	length = proc_read_descriptor((int)file, host->at, host->capacity - 1);
	sys_close((int)file);
	if (length >= 0)
		host->at[length] = '\0';
	return length < 0 ? length : 0;
}

static long bind_file(struct slot *slot, const char *name, const char *home)
{
	static char host_bytes[PATH_HOST_BYTES];
	struct text host = text_in(host_bytes, sizeof(host_bytes));
	struct text guest = text_in(slot->path, sizeof(slot->path));
	const char *kept_host;
	long error = make_file(slot, name, home, &host, &guest);

	if (error <= 0)
		return error;
	error = real_path(&host);
	if (error == 0)
		error = walk_path(
			&slot->walk, &engine.view, &paths_host, "/", guest.at, WALK_FOLLOW);
	/* A link to what the tree does not have is hidden itself. */
	if (error < 0)
		error = walk_path(&slot->walk, &engine.view, &paths_host, "/", guest.at, WALK_LINK);
	if (error < 0)
		return error;
	kept_host = keep(host.at);
	error = view_add_bind(&engine.view, kept_host, keep(slot->walk.guest.at), false);
	return kept.overflow ? -ENAMETOOLONG : error;
}

/* Where the guest is at home, by its environment as it is given. */
static const char *find_home(const struct options *options)
{
	const char *home = "/";

	for (size_t i = 0; i < options->word_count; i++) {
		const char *value = options_value(options->words[i], "--env=HOME=");

		home = value != NULL ? value : home;
	}
	return home;
}

long synthesise_files(struct slot *slot, const struct options *options, const char **failed)
{
	static char name_bytes[PATH_NAME_MOST];
	struct text name = text_in(name_bytes, sizeof(name_bytes));
	const char *list = options->synthesise != NULL ? options->synthesise : "";

	kept = text_in(kept_bytes, sizeof(kept_bytes));
	*failed = name.at;
	while (*list != '\0') {
		size_t length = 0;
		long error;

		while (list[length] != ',' && list[length] != '\0')
			length++;
		text_clear(&name);
		text_add_bytes(&name, list, length);
		list += length + (list[length] == ',' ? 1 : 0);
		error = bind_file(slot, name.at, find_home(options));
		if (error < 0)
			return error;
	}
	return 0;
}
