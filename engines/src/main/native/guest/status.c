#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/mem.h"
#include "guest/ownership.h"
#include "guest/served.h"
#include "guest/status.h"
#include "intercept/engine.h"
#include "intercept/guarded.h"
#include "rules/calls.h"

/*
 * stat(2) and statx(2): the guest's owner, mode and device in place of the host's. What has no
 * record costs one look into the table; what has one is looked at again, to see whether it is still
 * the same file.
 */

struct shown {
	unsigned user;
	unsigned group;
	unsigned mode;
	unsigned special;
	bool is_special;
};

static void show(
	const struct place *place, unsigned long device, unsigned long inode, struct shown *shown)
{
	struct owners_entry entry;
	struct ownership file;

	if (shown->user == engine.identity.real_user)
		shown->user = engine.identity.base_user;
	if (shown->group == engine.identity.real_group)
		shown->group = engine.identity.base_group;
	if (!owners_find(ownership_device(device), inode, &entry))
		return;
	if (ownership_look(place, &file) < 0 || !file.remembered || file.key.inode != inode)
		return;
	shown->user = file.user;
	shown->group = file.group;
	shown->is_special = (file.mode & S_IFMT) != (shown->mode & S_IFMT);
	shown->mode = file.mode;
	shown->special = file.special;
}

void status_show_stat(const struct place *place, struct stat *status)
{
	struct shown shown = {
		.user = status->st_uid, .group = status->st_gid, .mode = status->st_mode};

	show(place, status->st_dev, status->st_ino, &shown);
	status->st_uid = shown.user;
	status->st_gid = shown.group;
	status->st_mode = shown.mode;
	if (shown.is_special)
		status->st_rdev = shown.special;
}

static unsigned long encode(unsigned major, unsigned minor)
{
	return (minor & 0xff) | (unsigned long)major << 8 | (unsigned long)(minor & ~0xffU) << 12;
}

void status_show_statx(const struct place *place, struct statx *status)
{
	struct shown shown = {
		.user = status->stx_uid, .group = status->stx_gid, .mode = status->stx_mode};

	show(place, encode(status->stx_dev_major, status->stx_dev_minor), status->stx_ino, &shown);
	status->stx_uid = shown.user;
	status->stx_gid = shown.group;
	status->stx_mode = (unsigned short)shown.mode;
	if (shown.is_special) {
		status->stx_rdev_major = shown.special >> 8 & 0xfff;
		status->stx_rdev_minor = (shown.special & 0xff) | (shown.special >> 12 & 0xfff00);
	}
}

static enum slot_action leave_fstat(struct slot *slot)
{
	struct place place = {
		.directory = (int)slot->original[0], .path = "", .flags = AT_EMPTY_PATH};
	void *buffer = (void *)slot->original[1];
	struct stat status;

	if (slot->result < 0 || guarded_copy(&status, buffer, sizeof(status)) < 0)
		return SLOT_DONE;
	served_show_stat(&status);
	if (engine.identity.given)
		status_show_stat(&place, &status);
	guarded_copy(buffer, &status, sizeof(status));
	return SLOT_DONE;
}

enum slot_action identity_fstat(struct slot *slot)
{
	if (engine.identity.given || served_any)
		slot->leave = leave_fstat;
	return SLOT_RUN;
}
