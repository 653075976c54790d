#include "guest/peers.h"

#include <linux/capability.h>
#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"

/* include/linux/socket.h of the kernel; its uapi headers do not have them. */
enum { LEVEL_SOCKET = 1, CREDENTIALS = 2, PEER_CREDENTIALS = 17 };

/* struct cmsghdr, struct ucred */
struct control_head {
	size_t length;
	int level;
	int type;
};

struct credentials {
	int process;
	unsigned user;
	unsigned group;
};

static size_t aligned(size_t length)
{
	return (length + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1);
}

static bool is_credentials(const struct control_head *head)
{
	return head->level == LEVEL_SOCKET && head->type == CREDENTIALS &&
	       head->length >= sizeof(*head) + sizeof(struct credentials);
}

/* Another process of the run is taken to be who the run began as. */
static void show(struct credentials *credentials)
{
	const struct identity *identity = &engine.identity;
	bool own = credentials->process == sys_getpid();

	if (credentials->user == identity->real_user)
		credentials->user = own ? identity->user.effective : identity->start_user;
	if (credentials->group == identity->real_group)
		credentials->group = own ? identity->group.effective : identity->start_group;
}

static bool may_claim(const struct identity_ids *ids, unsigned id, unsigned capability)
{
	return id == ids->first || id == ids->effective || id == ids->saved ||
	       identity_may(capability);
}

static long hide(struct credentials *credentials)
{
	const struct identity *identity = &engine.identity;

	if (!may_claim(&identity->user, credentials->user, CAP_SETUID) ||
		!may_claim(&identity->group, credentials->group, CAP_SETGID))
		return -EPERM;
	credentials->user = identity->real_user;
	credentials->group = identity->real_group;
	return 1;
}

long peers_hide(struct slot *slot, unsigned long *control, size_t length)
{
	char *copy = slot->exec.exe;
	long changed = 0;

	if (!engine.identity.given || *control == 0 || length < sizeof(struct control_head) ||
		length > sizeof(slot->exec.exe))
		return 0;
	if (guarded_copy(copy, (const void *)*control, length) < 0)
		return -EFAULT;
	for (size_t at = 0; at + sizeof(struct control_head) <= length;) {
		struct control_head head;
		struct credentials credentials;

		memcpy(&head, copy + at, sizeof(head));
		if (head.length < sizeof(head) || head.length > length - at)
			break;
		if (is_credentials(&head)) {
			memcpy(&credentials, copy + at + sizeof(head), sizeof(credentials));
			changed = hide(&credentials);
			if (changed < 0)
				return changed;
			memcpy(copy + at + sizeof(head), &credentials, sizeof(credentials));
		}
		at += aligned(head.length);
	}
	if (changed > 0)
		*control = (unsigned long)copy;
	return changed;
}

static void show_at(unsigned long address)
{
	struct credentials credentials;

	if (guarded_copy(&credentials, (const void *)address, sizeof(credentials)) < 0)
		return;
	show(&credentials);
	guarded_copy((void *)address, &credentials, sizeof(credentials));
}

void peers_show(unsigned long control, size_t length)
{
	struct control_head head;

	if (!engine.identity.given || control == 0)
		return;
	for (size_t at = 0; at + sizeof(head) <= length; at += aligned(head.length)) {
		if (guarded_copy(&head, (const void *)(control + at), sizeof(head)) < 0 ||
			head.length < sizeof(head) || head.length > length - at)
			return;
		if (is_credentials(&head))
			show_at(control + at + sizeof(head));
	}
}

static enum slot_action leave_getsockopt(struct slot *slot)
{
	unsigned length;

	if (slot->result == 0 &&
		guarded_copy(&length, (const void *)slot->original[4], sizeof(length)) == 0 &&
		length >= sizeof(struct credentials))
		show_at(slot->original[3]);
	return SLOT_DONE;
}

/* SO_PEERCRED */
enum slot_action peers_getsockopt(struct slot *slot)
{
	if (engine.identity.given && (int)slot->argument[1] == LEVEL_SOCKET &&
		(int)slot->argument[2] == PEER_CREDENTIALS)
		slot->leave = leave_getsockopt;
	return SLOT_RUN;
}
