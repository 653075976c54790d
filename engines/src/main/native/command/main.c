#include "base/mem.h"
#include "base/report.h"
#include "base/sys.h"
#include "base/text.h"
#include "command/attach.h"
#include "command/check.h"
#include "command/front.h"
#include "command/help.h"
#include "command/index.h"
#include "command/init.h"
#include "command/options.h"
#include "command/probe.h"
#include "command/supervise.h"
#include "intercept/loader.h"
#include "intercept/state.h"
#include "machine.h"
#include "command/version.h"

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
		return help_print() < 0 ? EXIT_ENGINE : 0;
	if (strcmp(command, "check") == 0)
		return check_command(argv + 2);
	if (strcmp(command, "index") == 0)
		return index_command(argv + 2);
	if (strcmp(command, "init") == 0)
		return init_command(argv + 2);
	if (strcmp(command, "probe") == 0)
		return probe_command(argv + 2);
	if (strcmp(command, "proot") == 0)
		return front_command(argv + 2, environment);
	if (strcmp(command, "run") != 0) {
		report("expected run, proot, index, check, probe, init, version or help; see "
		       "coracle-engine "
		       "help");
		return EXIT_ENGINE;
	}
	if (options_read(&options, argv, 2) < 0)
		return EXIT_ENGINE;
	return supervise_command(&options, environment);
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
