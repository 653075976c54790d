#include <linux/errno.h>
#include <asm/stat.h>

#include "calls.h"
#include "finish.h"
#include "intercept/guarded.h"
#include "rules/numbers.h"
#include "short.h"

/* stat64(2) and its relatives: the 64-bit answer, in the layout of 32 bits. */

/* struct stat64 of arch/x86/include/asm/stat.h, where a long has 32 bits. */
struct narrow_stat {
	unsigned long device;
	unsigned char unused[4];
	unsigned short_inode;
	unsigned mode;
	unsigned links;
	unsigned user;
	unsigned group;
	unsigned long special;
	unsigned char unused_too[4];
	long size;
	unsigned block_size;
	unsigned long blocks;
	unsigned accessed, accessed_nanos;
	unsigned modified, modified_nanos;
	unsigned changed, changed_nanos;
	unsigned long inode;
} __attribute__((packed));

_Static_assert(sizeof(struct narrow_stat) == 96, "as the kernel has it");

/* struct stat of the same, which came before it. */
struct old_stat {
	unsigned device;
	unsigned inode;
	unsigned short mode;
	unsigned short links;
	unsigned short user;
	unsigned short group;
	unsigned special;
	unsigned size;
	unsigned block_size;
	unsigned blocks;
	unsigned accessed, accessed_nanos;
	unsigned modified, modified_nanos;
	unsigned changed, changed_nanos;
	unsigned unused[2];
};

_Static_assert(sizeof(struct old_stat) == 64, "as the kernel has it");

static const long old_size_most = 0x7fffffff;

static enum slot_action give_old(
	struct slot *slot, long result, const struct stat *wide, unsigned long to)
{
	struct old_stat old = {
		.device = (unsigned)wide->st_dev,
		.inode = (unsigned)wide->st_ino,
		.mode = (unsigned short)wide->st_mode,
		.links = (unsigned short)wide->st_nlink,
		.user = short_id(wide->st_uid),
		.group = short_id(wide->st_gid),
		.special = (unsigned)wide->st_rdev,
		.size = (unsigned)wide->st_size,
		.block_size = (unsigned)wide->st_blksize,
		.blocks = (unsigned)wide->st_blocks,
		.accessed = (unsigned)wide->st_atime,
		.accessed_nanos = (unsigned)wide->st_atime_nsec,
		.modified = (unsigned)wide->st_mtime,
		.modified_nanos = (unsigned)wide->st_mtime_nsec,
		.changed = (unsigned)wide->st_ctime,
		.changed_nanos = (unsigned)wide->st_ctime_nsec,
	};

	slot->result = result;
	if (result >= 0 && (old.inode != wide->st_ino || old.links != wide->st_nlink ||
				   wide->st_size > old_size_most))
		slot->result = -EOVERFLOW;
	if (slot->result >= 0)
		slot->result = guarded_copy((void *)to, &old, sizeof(old));
	return SLOT_DONE;
}

static enum slot_action give(
	struct slot *slot, long result, const struct stat *wide, unsigned long to)
{
	struct narrow_stat narrow = {
		.device = wide->st_dev,
		.short_inode = (unsigned)wide->st_ino,
		.mode = wide->st_mode,
		.links = (unsigned)wide->st_nlink,
		.user = wide->st_uid,
		.group = wide->st_gid,
		.special = wide->st_rdev,
		.size = wide->st_size,
		.block_size = (unsigned)wide->st_blksize,
		.blocks = (unsigned long)wide->st_blocks,
		.accessed = (unsigned)wide->st_atime,
		.accessed_nanos = (unsigned)wide->st_atime_nsec,
		.modified = (unsigned)wide->st_mtime,
		.modified_nanos = (unsigned)wide->st_mtime_nsec,
		.changed = (unsigned)wide->st_ctime,
		.changed_nanos = (unsigned)wide->st_ctime_nsec,
		.inode = wide->st_ino,
	};

	slot->result = result;
	if (result >= 0)
		slot->result = guarded_copy((void *)to, &narrow, sizeof(narrow));
	return SLOT_DONE;
}

/* The answer of such a call goes where its argument `buffer` says. */
static enum slot_action ask(struct slot *slot, unsigned long number, size_t buffer, bool old)
{
	unsigned long to = slot->argument[buffer];
	struct stat wide;
	long result;

	slot->argument[buffer] = (unsigned long)&wide;
	result = compat_finish(slot, number);
	return old ? give_old(slot, result, &wide, to) : give(slot, result, &wide, to);
}

enum slot_action compat_old_stat(struct slot *slot)
{
	return ask(slot, __NR_stat, 1, true);
}

enum slot_action compat_old_lstat(struct slot *slot)
{
	return ask(slot, __NR_lstat, 1, true);
}

enum slot_action compat_old_fstat(struct slot *slot)
{
	return ask(slot, __NR_fstat, 1, true);
}

enum slot_action compat_stat(struct slot *slot)
{
	return ask(slot, __NR_stat, 1, false);
}

enum slot_action compat_lstat(struct slot *slot)
{
	return ask(slot, __NR_lstat, 1, false);
}

enum slot_action compat_fstat(struct slot *slot)
{
	return ask(slot, __NR_fstat, 1, false);
}

enum slot_action compat_fstatat(struct slot *slot)
{
	return ask(slot, __NR_newfstatat, 2, false);
}
