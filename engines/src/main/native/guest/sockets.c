#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/socket.h>
#include <linux/un.h>

#include "base/mem.h"
#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "intercept/paths.h"
#include "rules/calls.h"
#include "rules/numbers.h"

/*
 * Names of AF_UNIX sockets are paths (unix(7)), at most 108 bytes with their prefix on the host. A
 * longer host path is reached through a descriptor of its directory: "/proc/self/fd/N/name".
 */

enum { NAME_AT = 2, ADDRESS_MOST = 128, UNIX_FAMILY = 1 };

/* struct msghdr as the kernel takes it. */
struct message {
	unsigned long name;
	unsigned name_length;
	unsigned padding;
	unsigned long rest[4];
	unsigned flags;
	unsigned padding_too;
};

/* The kernel's rule for a path in an address: up to the NUL or the length given. */
struct address {
	unsigned short family;
	char path[ADDRESS_MOST - NAME_AT];
};

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

/* Puts the resolved path into an address the kernel takes; opens its directory when it must. */
static long fit(struct slot *slot, struct address *address, int *opened)
{
	struct text path = text_in(address->path, UNIX_PATH_MAX);
	struct text *host = &slot->walk.host;
	size_t slash = host->length;
	long directory;

	*opened = -1;
	text_add(&path, host->at);
	if (!path.overflow)
		return (long)path.length;
	while (slash > 0 && host->at[slash - 1] != '/')
		slash--;
	host->at[slash - 1] = '\0';
	directory = sys_openat(AT_FDCWD, host->at, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	host->at[slash - 1] = '/';
	if (directory < 0)
		return directory;
	*opened = (int)directory;
	text_clear(&path);
	text_add(&path, "/proc/self/fd/");
	text_add_number(&path, directory);
	text_add(&path, host->at + slash - 1);
	return path.overflow ? -ENAMETOOLONG : (long)path.length;
}

static bool is_link(const char *path)
{
	char target[4];

	return sys_readlinkat(AT_FDCWD, path, target, sizeof(target)) >= 0;
}

/*
 * Translates the address at `*at` (of `*length` bytes) into `room`; leaves both alone when it holds
 * no path. Descriptors to close later are kept in `*opened`.
 */
static long translate(
	struct slot *slot, unsigned long *at, unsigned *length, struct address *room, int *opened)
{
	enum walk_end end = slot->number == __NR_bind ? WALK_NAME : WALK_FOLLOW;
	long size;

	*opened = -1;
	if (*at == 0 || *length <= NAME_AT || *length > NAME_AT + UNIX_PATH_MAX)
		return 0;
	memset(room, 0, sizeof(*room));
	if (guarded_copy(room, (const void *)*at, *length) < 0)
		return -EFAULT;
	/* An abstract name begins with NUL and lives in no directory. */
	if (room->family != UNIX_FAMILY || room->path[0] == '\0')
		return 0;
	memcpy(slot->path, room->path, strlen(room->path) + 1);
	/* Others will see the name just as it was bound, so it stays as short as it is if it can.
	 */
	if (paths_stay(slot, end) || (paths_stay(slot, WALK_LINK) && !is_link(slot->path)))
		return 0;
	size = paths_walk(slot, AT_FDCWD, end);
	if (size == 0)
		size = fit(slot, room, opened);
	if (size < 0)
		return size;
	*at = (unsigned long)room;
	*length = (unsigned)size + NAME_AT + 1;
	return 0;
}

static enum slot_action close_opened(struct slot *slot)
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
	long error = translate(slot, &slot->argument[at], &length, room, &opened);

	if (error < 0)
		return answer(slot, error);
	if (slot->argument[at] == slot->original[at])
		return SLOT_RUN;
	slot->argument[length_at] = length;
	slot->note[0] = opened;
	slot->leave = close_opened;
	return SLOT_RUN;
}

enum slot_action sockets_bind(struct slot *slot)
{
	return with_address(slot, 1, 2);
}

enum slot_action sockets_connect(struct slot *slot)
{
	return with_address(slot, 1, 2);
}

enum slot_action sockets_sendto(struct slot *slot)
{
	return with_address(slot, 4, 5);
}

enum slot_action sockets_sendmsg(struct slot *slot)
{
	struct address *room = (struct address *)(void *)slot->first_host;
	struct message *message = (struct message *)(void *)slot->bytes;
	struct message copy;
	int opened;
	long error;

	if (guarded_copy(&copy, (const void *)slot->argument[1], sizeof(copy)) < 0)
		return answer(slot, -EFAULT);
	if (copy.name == 0)
		return SLOT_RUN;
	error = translate(slot, &copy.name, &copy.name_length, room, &opened);
	if (error < 0)
		return answer(slot, error);
	slot->note[0] = opened;
	if (copy.name != (unsigned long)room)
		return SLOT_RUN;
	memcpy(message, &copy, sizeof(copy));
	slot->argument[1] = (unsigned long)message;
	slot->leave = close_opened;
	return SLOT_RUN;
}

/* struct mmsghdr */
struct counted_message {
	struct message message;
	unsigned sent;
	unsigned padding;
};

static enum slot_action leave_sendmmsg(struct slot *slot)
{
	unsigned sent = (unsigned)slot->result;

	close_opened(slot);
	if (slot->result < 0)
		return SLOT_DONE;
	if (guarded_copy((void *)(slot->original[1] + offsetof(struct counted_message, sent)),
		    &sent, sizeof(sent)) < 0)
		return answer(slot, -EFAULT);
	return answer(slot, 1);
}

/*
 * sendmmsg(2) may send fewer messages than it is given, so a call that holds a path sends just the
 * first; one without any passes.
 */
enum slot_action sockets_sendmmsg(struct slot *slot)
{
	struct counted_message one;
	bool named = false;

	for (size_t i = 0; i < (unsigned)slot->argument[2] && i < 1024 && !named; i++) {
		unsigned long at = slot->argument[1] + i * sizeof(one);

		if (guarded_copy(&one, (const void *)at, sizeof(one)) < 0)
			return answer(slot, -EFAULT);
		named = one.message.name != 0;
	}
	if (!named)
		return SLOT_RUN;
	slot->argument[2] = 1;
	if (guarded_copy(&one, (const void *)slot->argument[1], sizeof(one)) < 0)
		return answer(slot, -EFAULT);
	if (sockets_sendmsg(slot) == SLOT_DONE)
		return SLOT_DONE;
	if (one.message.name == 0)
		return SLOT_RUN;
	slot->number = __NR_sendmsg;
	slot->argument[2] = slot->original[3];
	slot->leave = leave_sendmmsg;
	return SLOT_RUN;
}

/* Turns an address that the kernel gave into what the guest knows: its own path. */
static void show(struct slot *slot, unsigned long at, unsigned room, unsigned *length)
{
	struct address *given = (struct address *)(void *)slot->first_host;
	struct text guest = text_in(slot->bytes, sizeof(slot->bytes));
	size_t kept;

	memset(given, 0, sizeof(*given));
	if (at == 0 || *length <= NAME_AT || *length > sizeof(*given) || *length > room)
		return;
	if (guarded_copy(given, (const void *)at, *length) < 0 || given->family != UNIX_FAMILY ||
		given->path[0] != '/')
		return;
	if (view_to_guest(&engine.view, given->path, strlen(given->path), &guest) < 0)
		return;
	kept = guest.length + 1 < UNIX_PATH_MAX ? guest.length + 1 : UNIX_PATH_MAX;
	*length = (unsigned)kept + NAME_AT;
	if (*length < room)
		room = *length;
	guarded_copy((void *)(at + NAME_AT), guest.at, room - NAME_AT);
}

static enum slot_action show_counted(struct slot *slot, size_t at, size_t length_at)
{
	unsigned length;

	if (slot->result < 0 || slot->original[length_at] == 0)
		return SLOT_DONE;
	if (guarded_copy(&length, (const void *)slot->original[length_at], sizeof(length)) < 0)
		return SLOT_DONE;
	show(slot, slot->original[at], (unsigned)slot->note[1], &length);
	guarded_copy((void *)slot->original[length_at], &length, sizeof(length));
	return SLOT_DONE;
}

/* How much room the guest has for the address, before the kernel overwrites it with its length. */
static enum slot_action remember_room(
	struct slot *slot, size_t length_at, enum slot_action (*leave)(struct slot *slot))
{
	unsigned room;

	/* Nobody asks for the address. */
	if (slot->argument[length_at - 1] == 0 || slot->argument[length_at] == 0)
		return SLOT_RUN;
	if (guarded_copy(&room, (const void *)slot->argument[length_at], sizeof(room)) < 0)
		return answer(slot, -EFAULT);
	slot->note[1] = (long)room;
	slot->leave = leave;
	return SLOT_RUN;
}

static enum slot_action leave_name(struct slot *slot)
{
	return show_counted(slot, 1, 2);
}

enum slot_action sockets_name(struct slot *slot)
{
	return remember_room(slot, 2, leave_name);
}

enum slot_action sockets_accept(struct slot *slot)
{
	return remember_room(slot, 2, leave_name);
}

static enum slot_action leave_recvfrom(struct slot *slot)
{
	return show_counted(slot, 4, 5);
}

enum slot_action sockets_recvfrom(struct slot *slot)
{
	return remember_room(slot, 5, leave_recvfrom);
}

static enum slot_action leave_recvmsg(struct slot *slot)
{
	struct message message;

	if (slot->result < 0 || slot->note[1] == 0)
		return SLOT_DONE;
	if (guarded_copy(&message, (const void *)slot->original[1], sizeof(message)) < 0)
		return SLOT_DONE;
	show(slot, message.name, (unsigned)slot->note[1], &message.name_length);
	guarded_copy((void *)slot->original[1], &message, sizeof(message));
	return SLOT_DONE;
}

enum slot_action sockets_recvmsg(struct slot *slot)
{
	struct message message;

	if (guarded_copy(&message, (const void *)slot->argument[1], sizeof(message)) < 0)
		return answer(slot, -EFAULT);
	if (message.name == 0)
		return SLOT_RUN;
	slot->note[1] = (long)message.name_length;
	slot->leave = leave_recvmsg;
	return SLOT_RUN;
}
