#include "overlay/upper.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <asm/stat.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "guest/ownership.h"
#include "intercept/engine.h"
#include "path/layers.h"

enum { LOCK_EXCLUSIVE = 2, LOCK_NONE = 8, NUMBER_BYTES = 64 };

#define WORK "/.wh..wh.work"
#define INODES "/.wh..wh.inodes"
#define LOCK "/.wh..wh.lock"

struct upper_paths *upper_paths_of(struct slot *slot)
{
	return (struct upper_paths *)(void *)&slot->exec;
}

static struct text in_upper(char *bytes, size_t size, const char *name)
{
	struct text path = text_in(bytes, size);

	text_add_bytes(&path, engine.view.root, engine.view.root_length);
	text_add(&path, name);
	return path;
}

/* Whoever the guest becomes makes copies there. */
static long shared_directory(const char *directory, const char *name)
{
	char bytes[PATH_BYTES];
	struct text path = text_in(bytes, sizeof(bytes));
	long descriptor;
	long error;

	text_add(&path, directory);
	text_add(&path, name);
	if (path.overflow)
		return -ENAMETOOLONG;
	error = files_mkdir(AT_FDCWD, path.at, 0777);
	if (error < 0)
		return error == -EEXIST ? 0 : error;
	descriptor = sys_openat(AT_FDCWD, path.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (descriptor < 0)
		return descriptor;
	error = files_chmod((int)descriptor, 01777);
	sys_close((int)descriptor);
	return error;
}

long upper_prepare(const char *directory)
{
	char bytes[PATH_BYTES];
	struct text path = text_in(bytes, sizeof(bytes));
	long error = shared_directory(directory, WORK);

	if (error == 0)
		error = shared_directory(directory, INODES);
	text_add(&path, directory);
	text_add(&path, LOCK);
	if (error == 0 && path.overflow)
		error = -ENAMETOOLONG;
	if (error == 0)
		error = files_mknod(AT_FDCWD, path.at, S_IFREG | 0644, 0);
	return error == -EEXIST ? 0 : error;
}

long upper_lock(void)
{
	char bytes[PATH_BYTES];
	struct text path = in_upper(bytes, sizeof(bytes), LOCK);
	long lock = sys_openat(AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
	long error;

	if (lock < 0)
		return lock;
	do
		error = files_lock((int)lock, LOCK_EXCLUSIVE);
	while (error == -EINTR);
	if (error < 0)
		sys_close((int)lock);
	return error < 0 ? error : lock;
}

void upper_unlock(int lock)
{
	/* Said aloud: a child forked by another thread meanwhile has this descriptor too. */
	files_lock(lock, LOCK_NONE);
	sys_close(lock);
}

void upper_aside(const struct slot *slot, struct text *path)
{
	text_add_bytes(path, engine.view.root, engine.view.root_length);
	text_add(path, WORK "/");
	text_add_number(path, sys_gettid());
	text_add(path, "-");
	text_add_number(path, (long)slot->sequence);
}

long upper_open(const char *path, int flags)
{
	long directory = sys_open_no_links(AT_FDCWD, path, flags | O_DIRECTORY | O_CLOEXEC);

	return sys_is_out_of_reach(directory)
		       ? sys_openat(AT_FDCWD, path, flags | O_DIRECTORY | O_CLOEXEC, 0)
		       : directory;
}

long upper_enter(struct upper_place *place, const char *guest, size_t length)
{
	char bytes[PATH_BYTES];
	struct text path = text_in(bytes, sizeof(bytes));
	size_t name = length;
	long directory;

	while (guest[name - 1] != '/')
		name--;
	layers_host(&engine.view, 0, guest, name > 1 ? name - 1 : 1, &path);
	if (path.overflow || length - name > PATH_NAME_MOST)
		return -ENAMETOOLONG;
	memcpy(place->name, guest + name, length - name);
	place->name[length - name] = '\0';
	directory = upper_open(path.at, O_PATH);
	place->directory = (int)directory;
	return directory < 0 ? directory : 0;
}

void upper_leave(const struct upper_place *place)
{
	sys_close(place->directory);
}

/* Overflows when the name is too long to be hidden. */
static struct text whiteout_of(const struct upper_place *place, char *bytes)
{
	struct text name = text_in(bytes, PATH_NAME_MOST + 1);

	text_add(&name, LAYERS_WHITEOUT);
	text_add(&name, place->name);
	return name;
}

bool upper_is_hidden(const struct upper_place *place)
{
	char bytes[PATH_NAME_MOST + 1];
	struct text name = whiteout_of(place, bytes);
	struct stat status;

	return !name.overflow &&
	       sys_fstatat(place->directory, name.at, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

long upper_hide(const struct upper_place *place)
{
	char bytes[PATH_NAME_MOST + 1];
	struct text name = whiteout_of(place, bytes);
	long error =
		name.overflow ? -ENAMETOOLONG : files_mknod(place->directory, name.at, S_IFREG, 0);

	return error == -EEXIST ? 0 : error;
}

static struct text inode_entry(char *bytes, size_t size, unsigned long inode)
{
	struct text path = in_upper(bytes, size, INODES "/");

	text_add_number(&path, (long)inode);
	return path;
}

void upper_note_inode(unsigned long inode, unsigned long shown)
{
	char bytes[PATH_BYTES];
	char number[NUMBER_BYTES];
	struct text path = inode_entry(bytes, sizeof(bytes), inode);
	struct text target = text_in(number, sizeof(number));

	text_add_number(&target, (long)shown);
	/* One may be left from a file that somebody else has removed. */
	files_unlink(AT_FDCWD, path.at, 0);
	/* Without it the copy shows a number of its own, no more. */
	(void)files_symlink(target.at, path.at);
}

unsigned long upper_shown_inode(unsigned long inode)
{
	char bytes[PATH_BYTES];
	char number[NUMBER_BYTES];
	struct text path = inode_entry(bytes, sizeof(bytes), inode);
	long length = sys_readlinkat(AT_FDCWD, path.at, number, sizeof(number) - 1);
	unsigned long shown = 0;
	bool negative;

	if (length <= 0)
		return 0;
	number[length] = '\0';
	negative = number[0] == '-';
	for (const char *at = number + negative; *at >= '0' && *at <= '9'; at++)
		shown = shown * 10 + (unsigned long)(*at - '0');
	return negative ? 0 - shown : shown;
}

void upper_forget_inode(unsigned long inode)
{
	char bytes[PATH_BYTES];
	struct text path = inode_entry(bytes, sizeof(bytes), inode);

	files_unlink(AT_FDCWD, path.at, 0);
}

void upper_forget(const struct stat *status)
{
	upper_forget_inode(status->st_ino);
	if (engine.identity.given)
		owners_forget(ownership_device(status->st_dev), status->st_ino);
}
