#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/options.h"
#include "command/run.h"
#include "command/supervise.h"
#include "intercept/loader.h"
#include "intercept/state.h"
#include "machine.h"
#include "command/version.h"

static const char usage[] =
	"Usage: coracle-engine run --root=TREE [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"       coracle-engine version | help\n"
	"\n"
	"Runs a command with a directory tree as its file system, inside the command's own "
	"processes:\n"
	"no root, no namespaces, no ptrace, no seccomp.\n"
	"\n"
	"  --root=TREE              the guest's root directory\n"
	"  --bind=HOST:GUEST[:ro]   show a file or directory of the host in the guest\n"
	"  --cwd=DIR                the guest's working directory (default /)\n"
	"  --env=NAME=VALUE         set a variable\n"
	"  --clear-env              start from an empty environment\n"
	"  --user=UID:GID           who the guest believes it is\n"
	"  --mode=F1                the engine's mode; F1 is the only one so far\n"
	"  --run-id=ID              mark every process of this run with ID\n"
	"  --status=FILE            stay, wait for the command, and write how it ended\n"
	"\n"
	"Exit code: the command's own, 128+N if a signal N ended it; 127 not found, 126 found but "
	"not\n"
	"executable, 125 the engine failed.\n";

__attribute__((noreturn)) void engine_main(unsigned long *stack);

static int print(const char *text)
{
	return sys_write(1, text, strlen(text)) == (long)strlen(text) ? 0 : EXIT_ENGINE;
}

static int command_main(char **argv, char **environment)
{
	struct options options;
	const char *command = argv[0] != NULL && argv[1] != NULL ? argv[1] : "";

	if (strcmp(command, "version") == 0 || strcmp(command, "--version") == 0)
		return print("coracle-engine " CORACLE_VERSION " " MACHINE_NAME "\n");
	if (strcmp(command, "help") == 0 || strcmp(command, "--help") == 0)
		return print(usage);
	if (strcmp(command, "run") != 0) {
		report("expected run, version or help; see coracle-engine help");
		return EXIT_ENGINE;
	}
	if (options_read(&options, argv, 2) < 0)
		return EXIT_ENGINE;
	return options.status != NULL ? supervise_command(&options, environment)
				      : run_command(&options, environment);
}

void engine_main(unsigned long *stack)
{
	char **argv = (char **)(void *)(stack + 1);
	char **environment = argv + stack[0] + 1;
	char *last = NULL;

	for (size_t i = 0; environment[i] != NULL; i++)
		last = environment[i];
	if (last != NULL && text_starts(last, STATE_MARK))
		loader_start(stack, last);
	sys_exit_group(command_main(argv, environment));
}
