#include "base/mem.h"
#include "base/report.h"
#include "base/text.h"
#include "command/customise.h"
#include "guest/release.h"

enum { PORT_MOST = 65535 };

static int complain(const char *message, const char *value)
{
	char line[4400];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, message);
	text_add(&text, " ");
	text_add(&text, value);
	report(text.at);
	return -1;
}

/* It goes into one line of /proc/version, between blanks. */
int customise_kernel(struct custom *custom, const char *value)
{
	size_t length = 0;

	while (value[length] > ' ' && value[length] < 127 && value[length] != '\\')
		length++;
	if (length == 0 || length > RELEASE_MOST || value[length] != '\0' || value[0] < '0' ||
		value[0] > '9')
		return complain("expected --kernel=RELEASE, such as 6.1.0-13-amd64, got", value);
	custom->kernel = value;
	return 0;
}

static size_t read_port(const char *value, unsigned short *port)
{
	unsigned long number = 0;
	size_t digits = text_read_number(value, &number);

	*port = (unsigned short)number;
	return number == 0 || number > PORT_MOST ? 0 : digits;
}

int customise_port(struct custom *custom, const char *value)
{
	struct custom_port port = {.guest = 0};
	size_t digits = read_port(value, &port.guest);
	size_t more =
		digits > 0 && value[digits] == ':' ? read_port(value + digits + 1, &port.host) : 0;

	if (more == 0 || value[digits + 1 + more] != '\0')
		return complain("expected --port=GUEST:HOST, two numbers up to 65535, got", value);
	if (custom->port_count == CUSTOM_PORTS_MOST)
		return complain("too many ports at", value);
	for (size_t i = 0; i < custom->port_count; i++) {
		if (custom->ports[i].guest == port.guest || custom->ports[i].host == port.host)
			return complain("this port has been mapped already:", value);
	}
	custom->ports[custom->port_count++] = port;
	return 0;
}

int customise_word(struct options *options, const char *word)
{
	const char *kernel = options_value(word, "--kernel=");
	const char *port = options_value(word, "--port=");
	const char *emulator = options_value(word, "--qemu=");

	if (strcmp(word, "--netcoop") == 0)
		options->netcoop = true;
	else if (strcmp(word, "--copy-links") == 0)
		options->custom.copies_links = true;
	else if (emulator != NULL)
		options->emulator = emulator;
	else if (kernel != NULL)
		return customise_kernel(&options->custom, kernel) < 0 ? -1 : 1;
	else if (port != NULL)
		return customise_port(&options->custom, port) < 0 ? -1 : 1;
	else
		return 0;
	return 1;
}
