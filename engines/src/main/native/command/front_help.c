#include "command/front_help.h"

#include <linux/errno.h>

#include "base/mem.h"
#include "base/sys.h"
#include "command/version.h"
#include "machine.h"

static const char version[] = "coracle-engine proot " CORACLE_VERSION " " MACHINE_NAME "\n";

static const char usage[] =
	"\n"
	"Usage: coracle-engine proot [OPTION]... [COMMAND [ARGUMENT]...]\n"
	"\n"
	"Runs a command with a directory tree as its file system, by the options that PRoot has.\n"
	"Without a command that is /bin/sh -l. It is `coracle-engine run` in other words.\n"
	"\n"
	"  -r TREE, --rootfs=TREE      the guest's root directory (default /)\n"
	"  -b HOST[:GUEST[!]], --bind=..., -m ..., --mount=...\n"
	"                              show a file or directory of the host in the guest, there\n"
	"                              under the same name; with ! over a symbolic link itself\n"
	"  -R TREE                     -r TREE, and binds of the host's users, network, /dev, "
	"/sys,\n"
	"                              /proc, /tmp, /run, $HOME and TREE\n"
	"  -S TREE                     -0 -r TREE, and binds of the host's network, /dev, /sys,\n"
	"                              /proc, /tmp, /run/shm, $HOME and TREE\n"
	"  -w DIR, --pwd=DIR, --cwd=DIR\n"
	"                              the guest's working directory (default: the present one);\n"
	"                              where it has none of that name, /\n"
	"  -0, --root-id               be root, and remember owners and modes (-i 0:0)\n"
	"  -i UID:GID, --change-id=UID:GID\n"
	"                              be that user\n"
	"  -q COMMAND, --qemu=COMMAND  runs programs of other machines: a static qemu of user "
	"mode,\n"
	"                              with options if it needs some\n"
	"  -k RELEASE, --kernel-release=RELEASE\n"
	"                              the kernel's release that the guest is told\n"
	"  -p GUEST:HOST, --port=GUEST:HOST\n"
	"                              what the guest knows as port GUEST is HOST on the host\n"
	"  -n, --netcoop               each port that the guest binds is any free one of the host\n"
	"  -l, --link2symlink          where the host refuses a hard link, make a copy\n"
	"  --kill-on-exit              when the command ends, kill all processes that it left\n"
	"  -v NUMBER, --verbose=NUMBER from 1 on: say what that is as a command of run; below 0: "
	"no\n"
	"                              warnings\n"
	"  -V, --version, --about      the version\n"
	"  -h, --help, --usage         this help\n"
	"  --mode=F1|F2|F3|F4          not PRoot's: see coracle-engine help (default: the "
	"variable\n"
	"                              CORACLE_PROOT_MODE, else F1)\n"
	"\n"
	"Exit code: the command's own, 128+N if a signal N ended it; "
	"127\n"
	"not found, 126 found but not executable, 125 for a wrong command line or a failing "
	"engine.\n";

static long print(const char *text)
{
	long written = sys_write(1, text, strlen(text));

	return written == (long)strlen(text) ? 0 : written < 0 ? written : -EIO;
}

long front_print(bool help)
{
	long error = print(version);

	return error == 0 && help ? print(usage) : error;
}
