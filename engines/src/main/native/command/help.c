#include "command/help.h"

#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/attach.h"

/* In two pieces: no compiler needs to take longer ones. */
static const char running[] =
	"Usage: coracle-engine run --root=TREE [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"       coracle-engine run --lower=DIR... --upper=DIR [OPTION]... [--] COMMAND...\n"
	"       coracle-engine proot [OPTION]... [COMMAND [ARGUMENT]...]\n"
	"       coracle-engine index TREE [--out=FILE] [--for=P2] [--travels|--from=FILE|--check]\n"
	"       coracle-engine check TREE [--json]\n"
	"       coracle-engine probe [--directory=DIR]\n"
	"       coracle-engine init --status=FILE [OPTION]... -- COMMAND [ARGUMENT]...\n"
	"       coracle-engine version | help\n"
	"\n"
	"Runs a command with a directory tree as its file system, inside the command's own "
	"processes:\n"
	"no root, no namespaces; seccomp only in F2, F4 and P1, ptrace only in P1 and P2.\n"
	"\n"
	"  --root=TREE              the guest's root directory\n"
	"  --lower=DIR              instead: a tree that stays as it is; of several the first is\n"
	"                           uppermost\n"
	"  --upper=DIR              what the guest changes goes there (made if missing)\n"
	"  --bind=HOST:GUEST[:ro]   show a file or directory of the host in the guest\n"
	"  --scratch=DIR            where mount points that the tree lacks are made up (default "
	"/tmp)\n"
	"  --cwd=DIR                the guest's working directory (default /)\n"
	"  --env=NAME=VALUE         set a variable\n"
	"  --clear-env              start from an empty environment\n"
	"  --user=UID:GID           who the guest believes it is; 0:0 may do what root may\n"
	"  --owners=FILE            remembers what the host does not: owners, modes, devices\n"
	"                           (default TREE.coracle-owners)\n"
	"  --synthesise=NAME,...    passwd, group, hosts, resolv.conf: show one in /etc that has "
	"what\n"
	"                           the guest's user needs, without changing the tree\n"
	"  --kernel=RELEASE         what uname(2), /proc/version and osrelease tell, such as "
	"6.1.0\n"
	"  --port=GUEST:HOST        what the guest knows as port GUEST is HOST on the host (IPv4, "
	"IPv6)\n"
	"  --netcoop                each port that the guest binds is any free one of the host; "
	"its\n"
	"                           own programs reach it by the number that they know\n"
	"  --copy-links             where the host refuses a hard link, make a copy\n"
	"  --qemu=PROGRAM           runs programs of other machines: a static qemu of user mode, "
	"by\n"
	"                           its path or from the host's PATH; options of it may follow\n";

static const char the_rest[] =
	"  --mode=F1|F2|F3|F4|P1|P2\n"
	"                           F1: code is looked through when it is mapped (the default)\n"
	"                           F2: F1, and the kernel traps what was not patched (seccomp)\n"
	"                           F3: code was patched ahead, in the tree's index\n"
	"                           F4: F3, and the kernel traps as in F2\n"
	"                           P1: F1, and what was not patched stops for a tracer (ptrace\n"
	"                           and seccomp)\n"
	"                           P2: the same without seccomp: the kernel dispatches what\n"
	"                           was not patched, or every call stops\n"
	"  --index=FILE             the index for F3 and F4 (default: TREE" INDEX_SUFFIX "),\n"
	"                           for P1 if it is there, for P2 TREE" INDEX_SUFFIX_ALL "\n"
	"  --run-id=ID              mark every process of this run with ID\n"
	"  --status=FILE            stay, wait for the command, and write how it ended\n"
	"  --run-directory=DIR      of this run alone: the guest's /dev/shm lies in it\n"
	"  --trace=FILE             append a line to FILE for each call that names a path\n"
	"  --timeout=SECONDS        end the command after that time: TERM, 2 seconds later KILL,\n"
	"                           then all processes of the run\n"
	"  --kill-on-exit           when the command ends, kill all processes that it left\n"
	"\n"
	"Where the guest would have no /dev/shm that can be written, and no --run-directory is "
	"given,\n"
	"the engine makes one below --scratch, stays until the command ends, and removes it.\n"
	"\n"
	"proot takes the options of PRoot; see coracle-engine proot --help.\n"
	"\n"
	"index makes the index of a tree, from which F3 maps code that is patched already. A file "
	"that\n"
	"has changed since is looked through as in F1. --travels makes one to keep with the packed "
	"tree,\n"
	"--from=FILE puts it to use where the tree was unpacked, and --check only says whether the "
	"index\n"
	"can be used. --for=P2 makes the one that serves that mode best.\n"
	"\n"
	"check tells which programs of a tree will not run as under chroot, and why; its exit code "
	"is 0\n"
	"when there are none, 1 when there are some.\n"
	"\n"
	"probe tells as JSON what this host allows; each thing is tried in a child. DIR (default "
	"/tmp)\n"
	"is where programs would be put to be executed.\n"
	"\n"
	"init is the first process of a container that a runtime such as runc has made: it starts "
	"the\n"
	"command as it is (--cwd, --user, --env), buries orphans, and writes how the command "
	"ended.\n"
	"\n"
	"Exit code: the command's own, 128+N if a signal N ended it; 127 not found, 126 found but "
	"not\n"
	"executable, 125 the engine failed, 124 timed out.\n";

static long print(const char *text)
{
	long written = sys_write(1, text, strlen(text));

	return written == (long)strlen(text) ? 0 : written < 0 ? written : -EIO;
}

long help_print(void)
{
	long error = print(running);

	return error == 0 ? print(the_rest) : error;
}
