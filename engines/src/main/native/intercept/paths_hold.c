#include "intercept/paths_hold.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/effects.h"
#include "intercept/engine.h"
#include "rules/rule.h"

static const char own_descriptors[] = "/proc/self/fd/";

static void put_descriptor(struct text *text, long descriptor)
{
	text_clear(text);
	text_add(text, own_descriptors);
	text_add_number(text, descriptor);
}

/* Where the last name of a host path begins; slashes behind it belong to it. */
static size_t last_name(const struct text *host)
{
	size_t at = host->length;

	while (at > 1 && host->at[at - 1] == '/')
		at--;
	while (at > 0 && host->at[at - 1] != '/')
		at--;
	return at;
}

/* The directory of `host` as a descriptor, and its last name relative to that. */
static long hold_directory(struct slot *slot, const struct rule_path *path, struct text *host)
{
	size_t name = last_name(host);
	char first = host->at[name];
	char held_bytes[64];
	struct text held = text_in(held_bytes, sizeof(held_bytes));
	long descriptor;

	/* Nobody can put a link in the place of the host's root. */
	if (first == '\0')
		return -ENOSYS;
	host->at[name] = '\0';
	descriptor = sys_open_no_links(AT_FDCWD, host->at, O_PATH | O_DIRECTORY | O_CLOEXEC);
	host->at[name] = first;
	if (descriptor < 0)
		return descriptor;
	if (path->directory != RULE_NONE) {
		slot->argument[path->directory] = (unsigned long)descriptor;
		slot->argument[path->path] = (unsigned long)(host->at + name);
		return descriptor;
	}
	put_descriptor(&held, descriptor);
	text_add(&held, "/");
	/* A shorter text in front of the same name. */
	if (held.length + (host->length - name) >= host->capacity)
		return descriptor;
	memmove(host->at + held.length, host->at + name, host->length - name + 1);
	memcpy(host->at, held.at, held.length);
	host->length = held.length + host->length - name;
	return descriptor;
}

/*
 * The same where the file begins what the guest sees, the root or a bind: what the directory above
 * it holds is nothing to the guest, so it is held itself. -ENOTDIR if it is no directory.
 */
static long hold_beginning(struct slot *slot, const struct rule_path *path, struct text *host)
{
	static const char itself[] = ".";
	long descriptor = sys_open_no_links(AT_FDCWD, host->at, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (descriptor < 0)
		return descriptor;
	if (path->directory != RULE_NONE) {
		slot->argument[path->directory] = (unsigned long)descriptor;
		slot->argument[path->path] = (unsigned long)itself;
		return descriptor;
	}
	put_descriptor(host, descriptor);
	text_add(host, "/.");
	return descriptor;
}

static bool is_beginning(const struct slot *slot)
{
	const struct text *guest = &slot->walk.guest;

	return guest->length == 1 || view_is_mount_point(&engine.view, guest->at, guest->length);
}

static long hold_name(struct slot *slot, const struct rule_path *path, struct text *host)
{
	long descriptor = -ENOTDIR;
	bool about_name = effects_remove(path->effect) || path->effect == EFFECT_SOURCE;

	/* There the name itself decides, dots too; the root's own stands for every refusal
	 * (translate.c). */
	if (!about_name && is_beginning(slot) && host->length > 1)
		descriptor = hold_beginning(slot, path, host);
	return descriptor == -ENOTDIR ? hold_directory(slot, path, host) : descriptor;
}

/* The file itself as a descriptor, named so that every call that follows links reaches it. */
static long hold_file(struct text *host)
{
	long descriptor = sys_open_no_links(AT_FDCWD, host->at, O_PATH | O_CLOEXEC);

	if (descriptor >= 0)
		put_descriptor(host, descriptor);
	return descriptor;
}

long paths_hold(struct slot *slot, size_t which, const struct rule_path *path, struct text *host)
{
	long descriptor =
		path->follow == FOLLOW_ALWAYS ? hold_file(host) : hold_name(slot, path, host);

	/* No openat2(2), or no descriptor to spare: then the text must do. */
	if (sys_is_out_of_reach(descriptor))
		return 0;
	if (descriptor < 0)
		return descriptor;
	slot->held[which] = (int)descriptor;
	return 0;
}

long paths_hold_late(struct slot *slot, const struct rule_path paths[2])
{
	char *hosts[] = {slot->first_host, slot->second_host};
	long error = 0;

	for (size_t i = 0; i < 2 && error == 0; i++) {
		struct text host = {.at = hosts[i],
			.length = strlen(hosts[i]),
			.capacity = sizeof(slot->first_host)};

		if (slot->unheld[i])
			error = paths_hold(slot, i, &paths[i], &host);
	}
	return error;
}
