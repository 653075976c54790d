#include "command/user.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/unlock.h"
#include "guest/identity.h"
#include "guest/owners.h"
#include "guest/ownership.h"
#include "intercept/engine.h"

static const char table_suffix[] = ".coracle-owners";

static long read_ids(const char *user, unsigned long *uid, unsigned long *gid)
{
	size_t digits = text_read_number(user, uid);
	size_t more;

	*gid = *uid;
	if (digits == 0)
		return -EINVAL;
	if (user[digits] == ':') {
		more = text_read_number(user + digits + 1, gid);
		digits = more == 0 ? 0 : digits + 1 + more;
	}
	if (digits == 0 || user[digits] != '\0' || *uid > 0xfffffffe || *gid > 0xfffffffe)
		return -EINVAL;
	return 0;
}

/* The tree's directory, by which its table knows it again. */
static long look_at_tree(const char *root, struct owners_tree *tree)
{
	struct place place = {.directory = AT_FDCWD, .path = root};
	struct ownership top;
	long error = ownership_look(&place, &top);

	tree->inode = top.key.inode;
	tree->birth = top.key.birth;
	engine.identity.device = top.key.device;
	return error;
}

/*
 * Ownership that the host does not keep is remembered beside the tree, if there is room for it, or
 * where the caller says. Only the latter has to work.
 */
static long open_table(const struct options *options, const char *root)
{
	static char path_bytes[PATH_HOST_BYTES];
	struct text path = text_in(path_bytes, sizeof(path_bytes));
	struct owners_tree tree = {
		.user = engine.identity.base_user, .group = engine.identity.base_group};
	long error = look_at_tree(root, &tree);

	engine.identity.owners = "";
	if (error < 0 || (options->owners == NULL && strcmp(root, "/") == 0))
		return error;
	text_add(&path, options->owners != NULL ? options->owners : root);
	text_add(&path, options->owners != NULL ? "" : table_suffix);
	if (path.overflow)
		return -ENAMETOOLONG;
	error = owners_create(path.at, &tree);
	if (error == 0)
		engine.identity.owners = path.at;
	return options->owners != NULL || error == -EPROTO ? error : 0;
}

/* A relative name would mean another file once the guest has changed its directory. */
static long check_path(const struct options *options)
{
	return options->owners == NULL || options->owners[0] == '/' ? 0 : -EINVAL;
}

long user_set(
	const struct options *options, const char *root, const char **what, const char **subject)
{
	struct identity *identity = &engine.identity;
	unsigned long uid;
	unsigned long gid;
	long error;

	if (options->user == NULL)
		return 0;
	*what = "expected --user=UID:GID, got";
	*subject = options->user;
	if (read_ids(options->user, &uid, &gid) < 0)
		return -EINVAL;
	identity->given = true;
	identity->user.first = identity->user.effective = (unsigned)uid;
	identity->group.first = identity->group.effective = (unsigned)gid;
	identity->capabilities.bounding = (1UL << IDENTITY_CAPABILITIES) - 1;
	identity->start_user = (unsigned)uid;
	identity->start_group = (unsigned)gid;
	identity->real_user = (unsigned)sys_getuid();
	identity->real_group = (unsigned)sys_getgid();
	/* What root has made is root's on the host too. */
	identity->base_user = ownership_is_real() ? 0 : (unsigned)uid;
	identity->base_group = ownership_is_real() ? 0 : (unsigned)gid;
	*what = "cannot use the table of owners";
	*subject = options->owners != NULL ? options->owners : root;
	error = check_path(options);
	if (error == 0)
		error = open_table(options, root);
	if (error < 0)
		return error;
	if (!ownership_is_real())
		owners_base(&identity->base_user, &identity->base_group);
	identity_begin(identity);
	if (!ownership_is_real() && (owners_flags() & OWNERS_OPENED) == 0 && unlock_tree(root) == 0)
		owners_set_flag(OWNERS_OPENED);
	return 0;
}
