#include "guest/ownership.h"

#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/identity.h"
#include "intercept/engine.h"
#include "rules/calls.h"
#include "rules/rule.h"
#include "syscall.h"

static enum slot_action answer(struct slot *slot, long result)
{
	slot->result = result;
	return SLOT_DONE;
}

struct place ownership_place(const struct slot *slot, unsigned which)
{
	const struct rule_path *row = &rule_of(slot->number)->paths[which];
	struct place place = {.directory = AT_FDCWD, .path = "", .flags = AT_EMPTY_PATH};

	if (row->path == RULE_NONE) {
		place.directory = (int)slot->argument[0];
		return place;
	}
	/* The file itself, under a name that a link of /proc stands for. */
	if (slot->held[which] >= 0 && row->follow == FOLLOW_ALWAYS) {
		place.directory = slot->held[which];
		return place;
	}
	if (row->directory != RULE_NONE)
		place.directory = (int)slot->argument[row->directory];
	if (slot->argument[row->path] != 0)
		place.path = (const char *)slot->argument[row->path];
	/* Links have been followed already, but for those of /proc that only the kernel can. */
	if (slot->argument[row->path] == slot->original[row->path] || !slot->walk.magic)
		place.flags |= AT_SYMLINK_NOFOLLOW;
	return place;
}

unsigned long ownership_device(unsigned long device)
{
	return device == engine.identity.device ? 0 : device;
}

bool ownership_is_real(void)
{
	return engine.identity.real_user == 0;
}

/* new_encode_dev() of the kernel: what stat(2) gives as st_dev and st_rdev. */
static unsigned long encode(unsigned major, unsigned minor)
{
	return (minor & 0xff) | (unsigned long)major << 8 | (unsigned long)(minor & ~0xffU) << 12;
}

long ownership_look(const struct place *place, struct ownership *file)
{
	struct statx status;
	struct owners_entry entry;
	long error = sys_statx(place->directory, place->path, place->flags,
		STATX_BASIC_STATS | STATX_BTIME, &status);

	if (error < 0)
		return error;
	file->key.device = ownership_device(encode(status.stx_dev_major, status.stx_dev_minor));
	file->key.inode = status.stx_ino;
	file->key.birth =
		(status.stx_mask & STATX_BTIME) == 0
			? 0
			: status.stx_btime.tv_sec * 1000000000 + (long)status.stx_btime.tv_nsec;
	file->links = status.stx_nlink;
	file->is_own = status.stx_uid == engine.identity.real_user;
	file->real_mode = file->mode = status.stx_mode;
	file->special = (unsigned)encode(status.stx_rdev_major, status.stx_rdev_minor);
	file->user = status.stx_uid == engine.identity.real_user ? engine.identity.base_user
								 : status.stx_uid;
	file->group = status.stx_gid == engine.identity.real_group ? engine.identity.base_group
								   : status.stx_gid;
	file->remembered = owners_find(file->key.device, file->key.inode, &entry) &&
			   entry.birth == file->key.birth;
	if (!file->remembered)
		return 0;
	if (entry.has_owner) {
		file->user = entry.user;
		file->group = entry.group;
	}
	if (entry.has_mode) {
		file->mode = (file->mode & S_IFMT) | (entry.mode & 07777);
		if ((entry.mode & S_IFMT) != 0) {
			file->mode = entry.mode;
			file->special = entry.special;
		}
	}
	return 0;
}

unsigned ownership_real_mode(unsigned mode)
{
	if ((mode & S_IFMT) == S_IFDIR)
		return (mode & 03777) | 0700;
	/* Root may execute what anyone may. Nobody on the host gets our user by a set-uid bit. */
	return (mode & 01777) | 0600 | ((mode & 0111) != 0 ? 0100 : 0);
}

long ownership_give(
	const struct place *place, const struct ownership *file, unsigned user, unsigned group)
{
	long error = -EPERM;

	if (ownership_is_real())
		error = sys_fchownat(place->directory, place->path, user, group, place->flags);
	if (error == 0)
		owners_drop_owner(&file->key);
	if (error != -EPERM)
		return error;
	if (!file->remembered && user == file->user && group == file->group)
		return 0;
	return owners_set_owner(&file->key, user, group);
}

/* What chown(2) takes away from anything but a directory. */
static unsigned without_set_bits(unsigned mode)
{
	if ((mode & S_IFMT) == S_IFDIR)
		return mode;
	return mode & ~(unsigned)(S_ISUID | ((mode & S_IXGRP) != 0 ? S_ISGID : 0));
}

/* The bits of `mode` that a record holds: the type too where that is not the host's. */
static unsigned kept_mode(const struct ownership *file, unsigned mode)
{
	return (file->mode & S_IFMT) == (file->real_mode & S_IFMT) ? mode & 07777 : mode;
}

static bool may_give(const struct ownership *file, unsigned user, unsigned group)
{
	if (identity_may(CAP_CHOWN))
		return true;
	return file->user == engine.identity.user.file && user == file->user &&
	       (group == file->group || identity_in_group(group));
}

static enum slot_action chown(struct slot *slot, size_t at)
{
	struct place place = ownership_place(slot, 0);
	unsigned user = (unsigned)slot->argument[at];
	unsigned group = (unsigned)slot->argument[at + 1];
	const unsigned as_it_is = ~0U;
	struct ownership file;
	unsigned mode;
	long error;

	if (!engine.identity.given)
		return SLOT_RUN;
	error = ownership_look(&place, &file);
	/* The kernel knows what is wrong with the call first. */
	if (error < 0)
		return SLOT_RUN;
	user = user == as_it_is ? file.user : user;
	group = group == as_it_is ? file.group : group;
	if (!may_give(&file, user, group))
		return answer(slot, -EPERM);
	/* The kernel says what else may be wrong, and sets the time of the change. */
	slot->argument[at] = slot->argument[at + 1] = as_it_is;
	error = raw_syscall((long)slot->number, (long)slot->argument[0], (long)slot->argument[1],
		(long)slot->argument[2], (long)slot->argument[3], (long)slot->argument[4], 0);
	if (error < 0 && error != -EPERM)
		return answer(slot, error);
	mode = without_set_bits(file.mode);
	error = mode != file.mode && file.remembered
			? owners_set_mode(&file.key, kept_mode(&file, mode), file.special)
			: 0;
	return answer(slot, error < 0 ? error : ownership_give(&place, &file, user, group));
}

enum slot_action ownership_chown(struct slot *slot)
{
	return chown(slot, 1);
}

enum slot_action ownership_chown_at(struct slot *slot)
{
	return chown(slot, 2);
}

static enum slot_action chmod(struct slot *slot, size_t at)
{
	struct place place = ownership_place(slot, 0);
	struct ownership file;
	unsigned mode = (unsigned)slot->argument[at] & 07777;
	unsigned real;
	long error;

	if (!engine.identity.given)
		return SLOT_RUN;
	error = ownership_look(&place, &file);
	/* The kernel knows what is wrong with the call first. */
	if (error < 0)
		return SLOT_RUN;
	if (file.user != engine.identity.user.file && !identity_may(CAP_FOWNER))
		return answer(slot, -EPERM);
	if (!identity_in_group(file.group) && !identity_may(CAP_FSETID))
		mode &= ~(unsigned)S_ISGID;
	/* The file that stands for a device stays closed. */
	if ((file.mode & S_IFMT) != (file.real_mode & S_IFMT))
		return answer(slot,
			owners_set_mode(&file.key, (file.mode & S_IFMT) | mode, file.special));
	real = ownership_is_real() ? mode : ownership_real_mode((file.real_mode & S_IFMT) | mode);
	slot->argument[at] = real;
	error = raw_syscall((long)slot->number, (long)slot->argument[0], (long)slot->argument[1],
		(long)slot->argument[2], (long)slot->argument[3], 0, 0);
	/* What the owner may not change nobody may, as in /proc. */
	if (error == -EPERM && !file.is_own && identity_may(CAP_FOWNER))
		real = file.real_mode & 07777;
	else if (error < 0)
		return answer(slot, error);
	if (real != mode)
		return answer(slot, owners_set_mode(&file.key, mode, 0));
	owners_drop_mode(&file.key);
	return answer(slot, 0);
}

enum slot_action ownership_chmod(struct slot *slot)
{
	return chmod(slot, 1);
}

enum slot_action ownership_chmod_at(struct slot *slot)
{
	return chmod(slot, 2);
}

/* access(2): the kernel said no to the real user; root is never kept out. */
static enum slot_action leave_access(struct slot *slot, size_t at, bool effective)
{
	struct place place = ownership_place(slot, 0);
	struct ownership file;
	bool may = effective ? identity_may(CAP_DAC_OVERRIDE) : engine.identity.user.first == 0;

	if (slot->result != -EACCES || !may || ownership_look(&place, &file) < 0)
		return SLOT_DONE;
	if ((slot->argument[at] & 1) == 0 || (file.mode & S_IFMT) == S_IFDIR ||
		(file.mode & 0111) != 0)
		slot->result = 0;
	return SLOT_DONE;
}

enum slot_action ownership_leave_access(struct slot *slot)
{
	return leave_access(slot, 1, false);
}

enum slot_action ownership_leave_access_at(struct slot *slot)
{
	return leave_access(slot, 2, false);
}

enum slot_action ownership_leave_access_flags(struct slot *slot)
{
	return leave_access(slot, 2, (slot->argument[3] & AT_EACCESS) != 0);
}

void ownership_of_program(const char *host, struct identity *identity)
{
	struct place place = {.directory = AT_FDCWD, .path = host};
	struct ownership file;

	identity->secure = false;
	if (!identity->given || ownership_look(&place, &file) < 0 ||
		(engine.trapping & GUEST_PRIVILEGES) != 0 ||
		sys_prctl(PR_GET_NO_NEW_PRIVS, 0, 0) == 1)
		return;
	if ((file.mode & S_ISUID) != 0)
		identity->user.effective = file.user;
	if ((file.mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		identity->group.effective = file.group;
	identity->secure = identity->user.effective != identity->user.first ||
			   identity->group.effective != identity->group.first;
}
