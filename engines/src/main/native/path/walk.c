#include "path/walk.h"

#include <linux/errno.h>

#include "base/mem.h"
#include "path/layers.h"
#include "path/step.h"

struct progress {
	struct walk *walk;
	const struct view *view;
	const struct walk_host *host;
	const char *rest; /* what is left to resolve; lies in rest_bytes[turn] or in the caller's
			     path */
	unsigned turn;
	unsigned links;
	enum walk_end end;
	size_t floor;		       /* length of the path that ".." does not go above */
	bool root_known;	       /* to the kernel, from the path's begin or a ".." */
	unsigned long floor_mask;      /* what `mask` is there */
	const struct view_bind *mount; /* where the walk began */
};

static void drop_last(struct text *guest)
{
	size_t length = guest->length;

	while (length > 1 && guest->at[length - 1] != '/')
		length--;
	text_cut(guest, length > 1 ? length - 1 : 1);
}

static void append(struct text *guest, const struct step *step)
{
	if (guest->length > 1)
		text_add(guest, "/");
	text_add_bytes(guest, step->name, step->length);
}

static int follow_to_root(struct progress *progress)
{
	struct walk *walk = progress->walk;

	/* What the kernel has not looked up yet is no mount it knows. (fs/namei.c, nd_jump_root.)
	 */
	if (walk->limits.beneath ||
		(walk->limits.no_crossing && !walk->limits.in_root && !progress->root_known))
		return -EXDEV;
	text_cut(&walk->guest, progress->floor);
	walk->mask = progress->floor == 1 ? layers_root(progress->view) : progress->floor_mask;
	return 0;
}

/* Puts a link's text in front of what is left, and starts from the root when it is absolute. */
static int follow_link(struct progress *progress, const char *target, size_t length)
{
	struct walk *walk = progress->walk;
	unsigned turn = progress->turn ^ 1U;
	struct text rest = text_in(walk->rest_bytes[turn], sizeof(walk->rest_bytes[turn]));

	progress->links++;
	if (progress->links > PATH_LINKS_MOST || walk->limits.no_links)
		return -ELOOP;
	if (length == 0)
		return -ENOENT;
	text_add_bytes(&rest, target, length);
	text_add(&rest, progress->rest);
	if (rest.overflow)
		return -ENAMETOOLONG;
	progress->rest = rest.at;
	progress->turn = turn;
	if (target[0] == '/')
		return follow_to_root(progress);
	drop_last(&walk->guest);
	walk->mask = walk->parent;
	return 0;
}

static bool follows(const struct progress *progress, const struct step *step)
{
	switch (progress->end) {
	case WALK_NAME:
		return false;
	case WALK_LINK:
		return step->slash;
	case WALK_FOLLOW:
	default:
		return true;
	}
}

/* Where the guest path so far lies on the host. */
static void find_host(struct progress *progress)
{
	struct walk *walk = progress->walk;
	unsigned layer =
		progress->view->layer_count > 0 && walk->mask != 0 ? layers_top(walk->mask) : 0;

	layers_host(progress->view, layer, walk->guest.at, walk->guest.length, &walk->host);
}

static long read_link(struct progress *progress)
{
	struct walk *walk = progress->walk;

	if (progress->view->layer_count > 0)
		return layers_look(walk, progress->view, progress->host, walk->parent,
			walk->guest.at, walk->guest.length);
	return progress->host->read_link(walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));
}

/* A component that is not followed, or hides what it lies on. Layers must be asked all the same. */
static int look_at_name(struct progress *progress)
{
	long result;

	if (progress->view->layer_count == 0)
		return 0;
	result = read_link(progress);
	/* What the kernel says about any other error it says again. */
	return result == -ENAMETOOLONG || result == -ENOTDIR ? (int)result : 0;
}

static int check_name(struct progress *progress, const struct step *step)
{
	if (!layers_is_reserved(progress->view, step->name, step->length) ||
		view_bind_of(progress->view, progress->walk->guest.at,
			progress->walk->guest.length) != NULL)
		return 0;
	progress->walk->reserved = true;
	return -ENOENT;
}

/* A link that the host lacks, and the guest shall find: the length of its text, or -EINVAL. */
static long read_missing(const struct progress *progress, struct text *target)
{
	if (progress->host->read_missing_link == NULL)
		return -EINVAL;
	return progress->host->read_missing_link(progress->walk->guest.at, target);
}

/* The end of the path, where a link or its name is meant and not what it leads to. */
static int stop_at(struct progress *progress, struct text *target)
{
	int error = look_at_name(progress);

	progress->walk->missing =
		error == 0 && read_missing(progress, target) > 0 && read_link(progress) == -ENOENT;
	return error;
}

static bool forbids_magic(const struct walk_limits *limits)
{
	return limits->no_magic_links || limits->no_links || limits->beneath || limits->in_root;
}

/*
 * A link to a directory that has been removed, which had the path `where`: it is still there
 * itself, and so is the way up.
 */
static int enter_removed(struct progress *progress, const struct text *where)
{
	struct walk *walk = progress->walk;
	const char *rest = progress->rest;
	struct step step;

	while (next_step(&rest, &step)) {
		if (step.length == 1 && step.name[0] == '.')
			continue;
		if (step.length != 2 || step.name[0] != '.' || step.name[1] != '.' ||
			progress->view->layer_count > 0)
			return -ENOENT;
		text_clear(&walk->guest);
		text_add_bytes(&walk->guest, where->at, where->length);
		drop_last(&walk->guest);
		progress->rest = rest;
		progress->root_known = true;
		return 0;
	}
	/* Only the kernel can follow it. */
	walk->magic = walk->removed = true;
	return 0;
}

/* Looks at the component just appended: is it a link to follow, something to step into, or the end?
 */
static int look(struct progress *progress, const struct step *step)
{
	struct walk *walk = progress->walk;
	struct text magic = text_in(walk->link_bytes, sizeof(walk->link_bytes));
	long length;

	view_to_host(progress->view, walk->guest.at, walk->guest.length, &walk->host);
	if (walk->host.overflow)
		return -ENAMETOOLONG;
	if (text_starts(walk->host.at, "/proc/"))
		walk->through_proc = true;
	walk->parent = walk->mask;
	walk->mask = 1;
	if (check_name(progress, step) < 0)
		return -ENOENT;
	if (step->last && !follows(progress, step))
		return stop_at(progress, &magic);
	if (view_is_mount_point(progress->view, walk->guest.at, walk->guest.length))
		return look_at_name(progress);
	if (text_starts(walk->host.at, "/proc/")) {
		length = progress->host->read_magic_link(
			progress->view, walk->host.at, step->last && !step->slash, &magic);
		if ((length > 0 || length == -ESTALE) && forbids_magic(&walk->limits))
			return -ELOOP;
		if (length == -ESTALE)
			return enter_removed(progress, &magic);
		if (length > 0)
			return follow_link(progress, magic.at, (size_t)length);
		walk->magic = length == 0;
		if (length != -EINVAL)
			return (int)length;
	}
	length = read_link(progress);
	if (length > 0 && (size_t)length < sizeof(walk->link_bytes)) {
		walk->link_bytes[length] = '\0';
		return follow_link(progress, walk->link_bytes, (size_t)length);
	}
	if (length == -EINVAL)
		return 0;
	magic = text_in(walk->link_bytes, sizeof(walk->link_bytes));
	if (length == -ENOENT && read_missing(progress, &magic) > 0)
		return follow_link(progress, magic.at, magic.length);
	/* What is missing may be made by the call itself, but nothing can lie below it. */
	if (length == -ENOENT && step->last)
		return 0;
	return length >= 0 ? -ENAMETOOLONG : (int)length;
}

/*
 * "." and ".." want a directory that may be searched, and say ENOTDIR, EACCES or ENOENT otherwise;
 * reading "." as a link asks exactly that.
 */
static int check_directory(struct progress *progress)
{
	struct walk *walk = progress->walk;
	long result;

	if (walk->guest.length == 1)
		return 0;
	find_host(progress);
	text_add(&walk->host, "/.");
	if (walk->host.overflow)
		return -ENAMETOOLONG;
	result = progress->host->read_link(
		walk->host.at, walk->link_bytes, sizeof(walk->link_bytes));
	return result < 0 && result != -EINVAL ? (int)result : 0;
}

/* ".." of the root is the root; of the directory that openat2(2) keeps to it may be an error. */
static int go_up(struct progress *progress)
{
	struct walk *walk = progress->walk;

	progress->root_known = true;
	if (walk->guest.length <= progress->floor)
		return walk->limits.beneath ? -EXDEV : 0;
	drop_last(&walk->guest);
	if (progress->view->layer_count > 0)
		layers_find(
			walk, progress->view, progress->host, walk->guest.at, walk->guest.length);
	walk->parent = walk->mask;
	return 0;
}

/* A step that is "." or "..". Where the name itself is meant, the last one is kept in `suffix`. */
static int take_dots(struct progress *progress, const struct step *step, const char **suffix)
{
	int error = step->length == 2 ? check_directory(progress) : 0;

	if (error < 0)
		return error;
	if (step->last && progress->end == WALK_NAME)
		*suffix = step->length == 2 ? "/.." : "/.";
	else if (step->length == 2)
		return go_up(progress);
	return 0;
}

static int check_mount(const struct progress *progress)
{
	const struct text *guest = &progress->walk->guest;

	return view_bind_of(progress->view, guest->at, guest->length) == progress->mount ? 0
											 : -EXDEV;
}

static int walk_steps(struct progress *progress, const char **suffix)
{
	struct walk *walk = progress->walk;
	struct step step;

	while (next_step(&progress->rest, &step)) {
		bool dots = step.name[0] == '.' &&
			    (step.length == 1 || (step.length == 2 && step.name[1] == '.'));
		int error;

		/*
		 * With the slash the kernel itself answers ENOTDIR where there is no directory, and
		 * with the dot EACCES where it may not be searched.
		 */
		*suffix = dots ? "/." : step.slash ? "/" : "";
		if (step.length > PATH_NAME_MOST) {
			error = check_directory(progress);
			return error < 0 ? error : -ENAMETOOLONG;
		}
		if (!dots)
			append(&walk->guest, &step);
		if (walk->guest.overflow)
			return -ENAMETOOLONG;
		error = dots ? take_dots(progress, &step, suffix) : look(progress, &step);
		if (error == 0 && walk->limits.no_crossing)
			error = check_mount(progress);
		if (error < 0)
			return error;
	}
	return 0;
}

/* Nobody writes where mount points are made up; an overlay writes above that. */
static bool is_made_up(const struct walk *walk, const struct view *view)
{
	unsigned long mask = walk->mask != 0 ? walk->mask : walk->parent;

	return view->points && (walk->bind != NULL || !view->upper) && (mask & 1) == 0;
}

static int begin(struct progress *progress, const char *base)
{
	struct walk *walk = progress->walk;

	walk->guest = text_in(walk->guest_bytes, sizeof(walk->guest_bytes));
	walk->host = text_in(walk->host_bytes, sizeof(walk->host_bytes));
	walk->magic = false;
	walk->removed = false;
	walk->missing = false;
	walk->through_proc = false;
	walk->reserved = false;
	walk->mask = layers_root(progress->view);
	if (progress->rest[0] == '\0')
		return -ENOENT;
	progress->root_known = progress->rest[0] == '/';
	if (progress->root_known && walk->limits.beneath)
		return -EXDEV;
	text_add(&walk->guest, progress->root_known && !walk->limits.in_root ? "/" : base);
	progress->floor = walk->limits.beneath || walk->limits.in_root ? walk->guest.length : 1;
	progress->mount = view_bind_of(progress->view, walk->guest.at, walk->guest.length);
	if (progress->view->layer_count > 0 && walk->guest.length > 1 &&
		layers_find(walk, progress->view, progress->host, walk->guest.at,
			walk->guest.length) == 0)
		return -ENOENT;
	walk->parent = walk->mask;
	progress->floor_mask = walk->mask;
	return 0;
}

int walk_on(struct walk *walk, const struct view *view, const struct walk_host *host,
	const struct walk_start *start, const char *path, enum walk_end end)
{
	struct progress progress = {.walk = walk,
		.view = view,
		.host = host,
		.rest = path,
		.links = start->links,
		.end = end};
	const char *suffix = "";
	int error = begin(&progress, start->base);

	if (error == 0)
		error = walk_steps(&progress, &suffix);
	if (error < 0)
		return error;
	find_host(&progress);
	if (walk->missing) {
		text_clear(&walk->host);
		text_add(&walk->host, WALK_STAND_IN);
	}
	if (walk->host.length > 1)
		text_add(&walk->host, suffix);
	walk->bind = view_bind_of(view, walk->guest.at, walk->guest.length);
	walk->suffix = walk->host.length > 1 ? suffix : "";
	walk->links = progress.links;
	walk->read_only = (walk->bind != NULL && walk->bind->read_only) || is_made_up(walk, view);
	return walk->host.overflow || walk->guest.overflow ? -ENAMETOOLONG : 0;
}

int walk_path(struct walk *walk, const struct view *view, const struct walk_host *host,
	const char *base, const char *path, enum walk_end end)
{
	struct walk_start start = {.base = base};

	return walk_on(walk, view, host, &start, path, end);
}
