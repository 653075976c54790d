#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/signal.h>
#include <linux/socket.h>
#include <linux/un.h>
#include <linux/wait.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/ownership.h"
#include "guest/socket_call.h"
#include "guest/socket_names.h"
#include "guest/ports.h"
#include "intercept/changes.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "overlay/overlay.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/* Calls that name an AF_UNIX socket. What its name looks like to the kernel: socket_names.h. */

/* What sockets_translate() says of a name to be bound for which the host's path is too long. */
enum { TOO_LONG = 1, TRIES_MOST = 32 };

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* The descriptor that `/proc/self/fd/N` in the address needs, closed after the call. */
static long name_by_descriptor(struct address *address, long descriptor, int *opened)
{
	struct text path = text_in(address->path, UNIX_PATH_MAX);

	if (descriptor < 0)
		return descriptor;
	*opened = (int)descriptor;
	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, descriptor);
	return (long)path.length;
}

/* Nothing is there, whatever a guest does. */
static const char nowhere[] = "/proc/self/nowhere";

/*
 * Puts the resolved path into an address that the kernel takes. A socket that is there already is
 * named by a descriptor of it: of that one, whatever link appears in its place, and however long
 * its path is.
 */
static long fit(struct slot *slot, struct address *address, int *opened)
{
	struct text path = text_in(address->path, UNIX_PATH_MAX);
	struct text *host = &slot->walk.host;
	long held = -ENOSYS;

	if (slot->number != __NR_bind && !slot->walk.magic)
		held = sys_open_no_links(AT_FDCWD, host->at, O_PATH | O_CLOEXEC);
	if (held != -ENOENT && !sys_is_out_of_reach(held))
		return name_by_descriptor(address, held, opened);
	/* There may be more that is wrong, which the kernel says first. */
	text_add(&path, held == -ENOENT ? nowhere : host->at);
	if (!path.overflow)
		return (long)path.length;
	return name_by_descriptor(
		address, sys_openat(AT_FDCWD, host->at, O_PATH | O_CLOEXEC, 0), opened);
}

/* Links that appear while one looks make a walk begin again; an attacker may do nothing else. */
static long walk_and_fit(struct slot *slot, struct address *address, int *opened)
{
	long size = -ELOOP;

	for (int i = 0; i < TRIES_MOST && size == -ELOOP; i++) {
		size = paths_walk(slot, AT_FDCWD, WALK_FOLLOW);
		if (size < 0)
			return size;
		size = fit(slot, address, opened);
	}
	return size;
}

static bool is_link(const char *path)
{
	char target[4];

	return sys_readlinkat(AT_FDCWD, path, target, sizeof(target)) >= 0;
}

/* Looks at the directory part of `path`, which ends before `name`. */
static bool look_at_directory(char *path, size_t name, struct stat *status)
{
	char kept;
	long error;

	if (name == 0)
		return sys_fstatat(AT_FDCWD, ".", status, 0) == 0;
	kept = path[name];
	path[name] = '\0';
	error = sys_fstatat(AT_FDCWD, path, status, 0);
	path[name] = kept;
	return error == 0;
}

static size_t last_name(const char *path)
{
	size_t at = strlen(path);

	while (at > 0 && path[at - 1] != '/')
		at--;
	return at;
}

/*
 * Would the kernel make the same name from the guest's own words? Others are shown a name just as
 * it was bound, so those stay as they are if they can.
 */
static bool leads_there(struct slot *slot)
{
	char *host = slot->walk.host.at;
	size_t name = last_name(slot->path);
	size_t host_name = last_name(host);
	struct stat words;
	struct stat place;

	return slot->path[0] != '/' && !socket_name_has_two_slashes(slot->path) &&
	       strcmp(slot->path + name, host + host_name) == 0 &&
	       look_at_directory(slot->path, name, &words) &&
	       look_at_directory(host, host_name, &place) && words.st_dev == place.st_dev &&
	       words.st_ino == place.st_ino;
}

/* A socket is a name made, which may be there already. */
static long refuse_read_only(const struct slot *slot)
{
	struct stat status;
	long error = sys_fstatat(AT_FDCWD, slot->walk.host.at, &status, AT_SYMLINK_NOFOLLOW);

	return error == 0 ? -EADDRINUSE : error == -ENOENT ? -EROFS : error;
}

/* A name to be bound: what it becomes for the kernel, its size; 0 when it stays as the guest has
 * written it. */
static long place_name(struct slot *slot, struct address *room, int *opened)
{
	long error = paths_walk(slot, AT_FDCWD, WALK_NAME);

	if (error == 0 && slot->walk.read_only)
		error = refuse_read_only(slot);
	if (error == 0 && engine.view.upper)
		error = overlay_prepare_name(slot);
	if (error < 0 || leads_there(slot))
		return error;
	return slot->walk.host.length >= UNIX_PATH_MAX ? TOO_LONG : fit(slot, room, opened);
}

static bool is_named(const struct address *address, unsigned length)
{
	/* An abstract name begins with NUL and lives in no directory. */
	return address->family == UNIX_FAMILY && address->path[0] != '\0' &&
	       length <= NAME_AT + UNIX_PATH_MAX;
}

long sockets_translate(
	struct slot *slot, unsigned long *at, unsigned *length, struct address *room, int *opened)
{
	enum walk_end end = slot->number == __NR_bind ? WALK_NAME : WALK_FOLLOW;
	long size;

	*opened = -1;
	if (*at == 0 || *length <= NAME_AT || *length > sizeof(*room))
		return 0;
	memset(room, 0, sizeof(*room));
	if (guarded_copy(room, (const void *)*at, *length) < 0)
		return -EFAULT;
	if (ports_to_host(room, *length)) {
		*at = (unsigned long)room;
		return 0;
	}
	if (!is_named(room, *length))
		return 0;
	memcpy(slot->path, room->path, strlen(room->path) + 1);
	if (paths_stay(slot, end) || (paths_stay(slot, WALK_LINK) && !is_link(slot->path)))
		return 0;
	if (end == WALK_FOLLOW)
		size = walk_and_fit(slot, room, opened);
	else
		size = place_name(slot, room, opened);
	if (size <= TOO_LONG)
		return size;
	*at = (unsigned long)room;
	*length = (unsigned)size + NAME_AT + 1;
	return 0;
}

enum slot_action sockets_close_opened(struct slot *slot)
{
	if (slot->note[0] >= 0)
		sys_close((int)slot->note[0]);
	return SLOT_DONE;
}

static enum slot_action with_address(struct slot *slot, size_t at, size_t length_at)
{
	struct address *room = (struct address *)(void *)slot->first_host;
	unsigned length = (unsigned)slot->argument[length_at];
	int opened;
	long error = sockets_translate(slot, &slot->argument[at], &length, room, &opened);

	if (error < 0)
		return answer(slot, error);
	if (slot->argument[at] == slot->original[at])
		return SLOT_RUN;
	slot->argument[length_at] = length;
	slot->note[0] = opened;
	slot->leave = sockets_close_opened;
	return SLOT_RUN;
}

/*
 * In a process of its own, since the working directory belongs to all threads: enters the root of
 * the tree or of the bind, and binds the socket, which both share, to a name from there.
 */
static long bind_from(const struct slot *slot, const struct address *room, unsigned length)
{
	const struct view_bind *bind = slot->walk.bind;
	const char *root = bind != NULL ? bind->host : engine.view.root;
	unsigned long all = ~0UL;
	unsigned long before = 0;
	int status = 0;
	long child;
	long ended;

	sys_rt_sigprocmask(SIG_BLOCK, &all, &before);
	child = sys_fork_sharing_descriptors();
	if (child == 0) {
		long error = sys_chdir(root[0] != '\0' ? root : "/");

		if (error == 0)
			error = sys_bind((int)slot->argument[0], room, length);
		sys_exit_group(error < 0 ? (int)-error : 0);
	}
	do {
		ended = child < 0 ? child : sys_wait4((int)child, &status, (int)__WALL);
	} while (ended == -EINTR);
	sys_rt_sigprocmask(SIG_SETMASK, &before, NULL);
	if (ended < 0)
		return ended;
	return (status & 0x7f) != 0 ? -EINTR : -(long)(status >> 8 & 0xff);
}

static long bind_far(struct slot *slot, struct address *room)
{
	struct text name = text_in(room->path, sizeof(room->path));

	socket_name_encode(&engine.view, slot->walk.guest.at, &name);
	if (name.overflow || name.length > UNIX_PATH_MAX)
		return -ENAMETOOLONG;
	return bind_from(slot, room, (unsigned)name.length + NAME_AT);
}

/* The socket is a file too, and belongs to who has bound it. */
static void settle(struct slot *slot, const char *path)
{
	struct place place = {.directory = AT_FDCWD, .path = path, .flags = AT_SYMLINK_NOFOLLOW};

	if (slot->result >= 0 && engine.identity.given)
		ownership_named(slot, &place);
}

static enum slot_action leave_bind(struct slot *slot)
{
	settle(slot, ((struct address *)(void *)slot->first_host)->path);
	changes_release();
	return SLOT_DONE;
}

/*
 * The kernel keeps the words of the path for everybody to read, so that no descriptor can stand for
 * the directory; and it follows the links in them. Nobody changes one in the meantime.
 */
static enum slot_action bind_name(struct slot *slot, struct address *room)
{
	unsigned length = (unsigned)slot->argument[2];
	int opened;
	long error;

	changes_hold();
	error = sockets_translate(slot, &slot->argument[1], &length, room, &opened);
	slot->argument[2] = length;
	slot->leave = leave_bind;
	if (error == 0)
		return SLOT_RUN;
	slot->result = error == TOO_LONG ? bind_far(slot, room) : error;
	settle(slot, slot->walk.host.at);
	changes_release();
	return SLOT_DONE;
}

enum slot_action sockets_bind(struct slot *slot)
{
	struct address *room = (struct address *)(void *)slot->first_host;
	unsigned length = (unsigned)slot->argument[2];
	size_t size = length < sizeof(*room) ? length : sizeof(*room);

	memset(room, 0, sizeof(*room));
	/* The kernel says what is wrong with a bad one. */
	if (guarded_copy(room, (const void *)slot->argument[1], size) < 0)
		return SLOT_RUN;
	if (ports_may_map(room, length))
		return ports_bind(slot, room);
	return is_named(room, length) ? bind_name(slot, room) : SLOT_RUN;
}

enum slot_action sockets_connect(struct slot *slot)
{
	return with_address(slot, 1, 2);
}

enum slot_action sockets_sendto(struct slot *slot)
{
	return with_address(slot, 4, 5);
}
