#include "overlay/inodes.h"

#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/sys.h"
#include "intercept/engine.h"
#include "intercept/paths.h"
#include "overlay/upper.h"
#include "path/layers.h"

enum { MARK_SHIFT = 56 };

/* 0 for the upper layer's file system, -1 for one that no layer is on. */
static int system_of(unsigned long device)
{
	if (device == engine.view.device)
		return 0;
	for (size_t i = 0; i < engine.view.layer_count; i++) {
		if (engine.view.layers[i].device == device)
			return (int)i + 1;
	}
	return -1;
}

unsigned long inodes_of(unsigned long device, unsigned long inode)
{
	int number = system_of(device);

	return number > 0 ? inode ^ (unsigned long)number << MARK_SHIFT : inode;
}

unsigned long inodes_shown(unsigned layer, unsigned long inode, bool directory)
{
	unsigned long shown;

	if (layer > 0)
		return inodes_of(engine.view.layers[layer - 1].device, inode);
	shown = directory ? 0 : upper_shown_inode(inode);
	return shown != 0 ? shown : inode;
}

/* What the kernel said and what the guest shall see. */
struct seen {
	unsigned long device;
	unsigned long inode;
	unsigned links;
	bool directory;
};

/* The layers of a directory; its guest path is left in slot->walk or slot->bytes. */
static unsigned long layers_of(struct slot *slot, const int *descriptor, struct text *guest)
{
	if (!descriptor) {
		text_add_bytes(guest, slot->walk.guest.at, slot->walk.guest.length);
		return slot->walk.bind != NULL ? 0 : slot->walk.mask;
	}
	if (paths_base(*descriptor, guest) < 0 ||
		view_bind_of(&engine.view, guest->at, guest->length) != NULL)
		return 0;
	return layers_find(&slot->walk, &engine.view, &paths_host, guest->at, guest->length);
}

static void show_directory(struct slot *slot, struct seen *seen, const int *descriptor)
{
	struct text guest = text_in(slot->bytes, sizeof(slot->bytes));
	unsigned long mask = layers_of(slot, descriptor, &guest);
	unsigned long lower = mask & ~1UL;
	struct stat status;

	/* As the kernel's overlayfs: links of a merged directory are not counted. */
	if ((mask & (mask - 1)) != 0)
		seen->links = 1;
	if ((mask & 1) == 0 || lower == 0) {
		seen->inode = inodes_of(seen->device, seen->inode);
		return;
	}
	layers_host(&engine.view, layers_top(lower), guest.at, guest.length, &slot->walk.host);
	if (sys_fstatat(AT_FDCWD, slot->walk.host.at, &status, AT_SYMLINK_NOFOLLOW) == 0)
		seen->inode = inodes_of(status.st_dev, status.st_ino);
}

static void show(struct slot *slot, struct seen *seen, const int *descriptor)
{
	unsigned long shown = 0;

	if (system_of(seen->device) < 0)
		return;
	if (seen->directory) {
		show_directory(slot, seen, descriptor);
	} else {
		if (seen->device == engine.view.device)
			shown = upper_shown_inode(seen->inode);
		seen->inode = shown != 0 ? shown : inodes_of(seen->device, seen->inode);
	}
	seen->device = engine.view.device;
}

void inodes_show_stat(struct slot *slot, struct stat *status, const int *descriptor)
{
	struct seen seen = {.device = status->st_dev,
		.inode = status->st_ino,
		.links = (unsigned)status->st_nlink,
		.directory = (status->st_mode & S_IFMT) == S_IFDIR};

	show(slot, &seen, descriptor);
	status->st_dev = seen.device;
	status->st_ino = seen.inode;
	status->st_nlink = (__typeof__(status->st_nlink))seen.links;
}

/* The kernel's huge encoding of a device number. */
static unsigned long encode(unsigned major, unsigned minor)
{
	return (minor & 0xff) | (unsigned long)major << 8 | (unsigned long)(minor & ~0xffU) << 12;
}

void inodes_show_statx(struct slot *slot, struct statx *status, const int *descriptor)
{
	struct seen seen = {.device = encode(status->stx_dev_major, status->stx_dev_minor),
		.inode = status->stx_ino,
		.links = status->stx_nlink,
		.directory = (status->stx_mode & S_IFMT) == S_IFDIR};

	show(slot, &seen, descriptor);
	status->stx_dev_major = (unsigned)(seen.device >> 8 & 0xfff);
	status->stx_dev_minor = (unsigned)((seen.device & 0xff) | (seen.device >> 12 & 0xfff00));
	status->stx_ino = seen.inode;
	status->stx_nlink = seen.links;
}
