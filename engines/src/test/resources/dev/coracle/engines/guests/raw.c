/* What programs do that ask the kernel themselves, where a C library would have asked for less. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct kernel_action {
	unsigned long handler, flags, restorer, mask;
};

/* Back to the default, with the flags of whatever there was before, and no way back from a handler. */
static void default_actions(void)
{
	struct kernel_action action = {0, 0x04000000 /* SA_RESTORER */, 0, 0};

	for (int signal = 1; signal <= 31; signal++)
		syscall(SYS_rt_sigaction, signal, &action, NULL, 8);
	if (access((const char *)8, F_OK) < 0)
		printf("nowhere: %s\n", strerror(errno));
	printf("passwd: %d\n", access("/etc/passwd", F_OK));
}

int main(int count, char **arguments)
{
	const struct {
		const char *name;
		void (*run)(void);
	} guests[] = {{"default-actions", default_actions}};

	for (size_t i = 0; count > 1 && i < sizeof(guests) / sizeof(guests[0]); i++) {
		if (strcmp(arguments[1], guests[i].name) == 0)
			guests[i].run();
	}
	return 0;
}
