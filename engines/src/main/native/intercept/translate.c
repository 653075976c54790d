#include "intercept/translate.h"

#include <linux/errno.h>
#include <linux/fanotify.h>
#include <linux/fcntl.h>
#include <linux/inotify.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/near.h"
#include "intercept/changes.h"
#include "intercept/effects.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "intercept/paths_hold.h"
#include "overlay/overlay.h"
#include "overlay/rows.h"
#include "intercept/refusal.h"

/*
 * The path arguments of a call, as its row describes them. A resolved path is a text, and somebody
 * may put a symbolic link into it before the kernel reads it. So what changes anything gets
 * descriptors in place of all but the last name, opened without following any link; what only
 * looks is done once more when links were changed meanwhile.
 */

static enum walk_end end_of(const struct slot *slot, const struct rule_path *path)
{
	unsigned long flags = path->flags == RULE_NONE ? 0 : slot->argument[path->flags];

	switch ((enum rule_follow)path->follow) {
	case FOLLOW_NEVER:
		return WALK_LINK;
	case FOLLOW_NAME:
		return WALK_NAME;
	case FOLLOW_UNLESS:
		return (flags & AT_SYMLINK_NOFOLLOW) == 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_IF:
		return (flags & AT_SYMLINK_FOLLOW) != 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_WATCH:
		return (flags & IN_DONT_FOLLOW) == 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_MARK:
		return (flags & FAN_MARK_DONT_FOLLOW) == 0 ? WALK_FOLLOW : WALK_LINK;
	case FOLLOW_ALWAYS:
	default:
		return WALK_FOLLOW;
	}
}

/*
 * Links have been followed already. One that somebody puts there before the kernel looks must not
 * lead it out, so it is told not to follow, where a flag can tell it.
 */
static void stop_following(struct slot *slot, const struct rule_path *path)
{
	if (slot->walk.magic)
		return;
	if (path->follow == FOLLOW_UNLESS)
		slot->argument[path->flags] |= AT_SYMLINK_NOFOLLOW;
	if (path->follow == FOLLOW_IF)
		slot->argument[path->flags] &= ~(unsigned long)AT_SYMLINK_FOLLOW;
}

static bool only_looks(const struct rule_path *path)
{
	return path->effect == EFFECT_READ || path->effect == EFFECT_ACCESS;
}

/* What decides about the effect: the mode of access(2), the flags of the others. */
static unsigned long asked_of(const struct slot *slot, const struct rule_path *path)
{
	if (path->effect == EFFECT_ACCESS)
		return slot->argument[path->path + 1];
	return path->flags == RULE_NONE ? 0 : slot->argument[path->flags];
}

/* One path argument; its host path ends up in `host`. */
static long translate_one(struct slot *slot, size_t which, const struct rule_path *path,
	struct text *host, bool always)
{
	int directory =
		path->directory == RULE_NONE ? AT_FDCWD : (int)slot->argument[path->directory];
	enum walk_end end = end_of(slot, path);
	bool is_root;
	bool guarded = always || engine.view.upper ||
		       (path->effect != EFFECT_READ && view_has_read_only(&engine.view));
	long error;

	if (slot->argument[path->path] == 0)
		return engine.view.upper ? overlay_prepare_descriptor(slot, path, host) : 0;
	error = paths_read(slot, slot->argument[path->path]);
	if (error < 0)
		return error;
	if (slot->path[0] == '\0' && path->follow == FOLLOW_NAME)
		return -ENOENT;
	/* An empty path means the descriptor itself, or an error that the kernel knows best. */
	if (slot->path[0] == '\0')
		return engine.view.upper ? overlay_prepare_descriptor(slot, path, host) : 0;
	if (!guarded && paths_stay(slot, end))
		return 0;
	error = paths_walk(slot, directory, end);
	if (error == 0)
		error = effects_check(&slot->walk, path, asked_of(slot, path));
	/* A directory that the guest has removed is still one that it is in. */
	if (error == -ENOENT && engine.view.upper && paths_stay(slot, end))
		return 0;
	if (engine.view.upper)
		error = overlay_prepare(slot, path, error);
	if (error < 0)
		return error;
	if (slot->walk.host.length >= PATH_BYTES)
		return -ENAMETOOLONG;
	/* Every call that is about a name refuses the root's, each in its own words. */
	is_root = end == WALK_NAME && slot->walk.guest.length == 1 &&
		  slot->walk.host.at[slot->walk.host.length - 1] != '.';
	/* A rename asks first whether both lie on one file system. */
	if (!is_root || path->effect == EFFECT_REMOVE)
		text_add_bytes(host, slot->walk.host.at, slot->walk.host.length);
	if (is_root)
		text_add(host, path->effect == EFFECT_REMOVE ? "/." : "/");
	slot->argument[path->path] = (unsigned long)host->at;
	stop_following(slot, path);
	if (only_looks(path) && slot->steady && !slot->again) {
		slot->argument[path->path] = (unsigned long)near_host(slot);
		if (slot->near && path->directory != RULE_NONE)
			slot->argument[path->directory] = (unsigned long)AT_FDCWD;
		return 0;
	}
	if (slot->walk.magic)
		return 0;
	/* There the engine takes names away and moves them itself, if it does not leave it at that.
	 */
	slot->unheld[which] = engine.view.upper && effects_remove(path->effect);
	if (slot->unheld[which])
		return 0;
	return paths_hold(slot, which, path, host);
}

static void let_go(struct slot *slot)
{
	for (size_t i = 0; i < 2; i++) {
		if (slot->held[i] >= 0)
			sys_close(slot->held[i]);
		slot->held[i] = -1;
	}
}

/* A name moved or linked from the first place to the second. */
static long check_both(const struct slot *slot, const struct rule_path paths[2],
	const struct effects_place *from, const struct text *second)
{
	struct effects_place to = effects_place_of(&slot->walk, second);

	if (paths[0].effect == EFFECT_SOURCE)
		return effects_link(from, &to);
	return effects_move(from, &to, asked_of(slot, &paths[1]));
}

/* A link begins with its source: if that is missing, nobody asks what is wrong with the name. */
static long look_at_source(const struct slot *slot, const struct rule_path *path, long otherwise)
{
	int directory =
		path->directory == RULE_NONE ? AT_FDCWD : (int)slot->argument[path->directory];
	unsigned long empty =
		path->flags == RULE_NONE ? 0 : slot->argument[path->flags] & AT_EMPTY_PATH;
	struct stat status;
	long error = sys_fstatat(directory, (const char *)slot->argument[path->path], &status,
		AT_SYMLINK_NOFOLLOW | (int)empty);

	return error < 0 ? error : otherwise;
}

/* With `always` even a path that the kernel may have as it is gets resolved. */
static long translate_two(
	struct slot *slot, const struct rule_path paths[2], bool always, bool *again)
{
	struct text first = text_in(slot->first_host, sizeof(slot->first_host));
	struct text second = text_in(slot->second_host, sizeof(slot->second_host));
	struct effects_place from = {0};
	long error = translate_one(slot, 0, &paths[0], &first, always);
	/* Where a link of /proc leads only the kernel knows. */
	bool magic = slot->walk.magic;

	if (error < 0)
		return error;
	if (first.length > 0)
		from = effects_place_of(&slot->walk, &first);
	error = translate_one(slot, 1, &paths[1], &second, always);
	if (error < 0 && paths[0].effect == EFFECT_SOURCE)
		return look_at_source(slot, &paths[0], error);
	*again = !always && (first.length > 0) != (second.length > 0);
	if (error < 0 || first.length == 0 || second.length == 0 || magic)
		return error;
	return check_both(slot, paths, &from, &second);
}

static long translate_both(struct slot *slot, const struct rule_path paths[2])
{
	struct text first = text_in(slot->first_host, sizeof(slot->first_host));
	bool again = false;
	long error;

	if (paths[1].path == RULE_NONE)
		return translate_one(slot, 0, &paths[0], &first, false);
	error = translate_two(slot, paths, false, &again);
	if (error < 0 || !again || engine.view.bind_count == 0)
		return error;
	/* One could stay and the other not: both must be known to compare where they lie. */
	let_go(slot);
	memcpy(slot->argument, slot->original, sizeof(slot->argument));
	return translate_two(slot, paths, true, &again);
}

/* Links that appear while one looks make a walk begin again; an attacker may do nothing else. */
enum { TRIES_MOST = 32 };

static long translate(struct slot *slot, const struct rule *rule)
{
	long error;

	for (int i = 0; i < TRIES_MOST; i++) {
		memcpy(slot->argument, slot->original, sizeof(slot->argument));
		memset(slot->unheld, 0, sizeof(slot->unheld));
		error = translate_both(slot, rule->paths);
		if (error < 0)
			let_go(slot);
		/* Of a walk it means too many links; of opening what it found, a new one. */
		if (error != -ELOOP || slot->walk.links > PATH_LINKS_MOST)
			break;
	}
	return error;
}

static bool changes_links(const struct rule *rule)
{
	return effects_change_links(rule->paths[0].effect);
}

static enum slot_action leave(struct slot *slot)
{
	const struct rule *rule = rule_of((unsigned)slot->rule_number);
	bool looked = slot->held[0] < 0 && only_looks(&rule->paths[0]) && slot->steady;
	enum slot_action action;
	long error;

	if (changes_links(rule))
		changes_end(slot->change);
	if (looked && !slot->again &&
		(!changes_none_since(slot->links_state) || !near_held(slot))) {
		slot->again = true;
		error = translate(slot, rule);
		if (error == 0)
			return SLOT_RUN;
		slot->result = error;
	}
	/* It may want to look at the file once more. */
	action = slot->after != NULL ? slot->after(slot) : SLOT_DONE;
	let_go(slot);
	return action;
}

/* What the guest's identity has to do with it. */
static enum slot_action ask_owner(struct slot *slot, const struct rule *rule)
{
	if (!engine.identity.given)
		return SLOT_RUN;
	slot->leave = rule->leave;
	return rule->owned != NULL ? rule->owned(slot) : SLOT_RUN;
}

/* What the overlay does with it, where that differs from the kernel. */
static enum slot_action ask_overlay(struct slot *slot, const struct rule *rule)
{
	enum slot_action action;

	if (!engine.view.upper || rows_of(slot->number) == NULL)
		return ask_owner(slot, rule);
	slot->leave = engine.identity.given ? rule->leave : NULL;
	if (changes_links(rule))
		slot->change = changes_begin();
	action = rows_of(slot->number)(slot);
	if (changes_links(rule))
		changes_end(slot->change);
	return action;
}

/* Where a link has appeared while the overlay was about to change a name, everything begins again.
 */
static enum slot_action translate_and_ask(struct slot *slot, const struct rule *rule)
{
	enum slot_action action = SLOT_DONE;

	for (int i = 0; i < TRIES_MOST; i++) {
		long error = translate(slot, rule);

		if (error < 0) {
			slot->result = refusal_answer(slot, rule->paths, error);
			return SLOT_DONE;
		}
		action = ask_overlay(slot, rule);
		error = action == SLOT_RUN ? paths_hold_late(slot, rule->paths) : 0;
		if (action == SLOT_RUN && error == 0)
			return action;
		if (error < 0)
			slot->result = error;
		let_go(slot);
		if (slot->result != -ELOOP)
			break;
	}
	return SLOT_DONE;
}

enum slot_action translate_call(struct slot *slot, const struct rule *rule)
{
	enum slot_action action;

	slot->again = false;
	slot->steady = false;
	action = translate_and_ask(slot, rule);
	if (action != SLOT_RUN)
		return action;
	if (!changes_links(rule) && !slot->steady && slot->held[0] < 0 && slot->held[1] < 0)
		return SLOT_RUN;
	slot->after = slot->leave;
	slot->leave = leave;
	if (changes_links(rule))
		slot->change = changes_begin();
	return SLOT_RUN;
}
