#include <linux/errno.h>

#include "base/mem.h"
#include "guest/lines.h"
#include "guest/served.h"
#include "guest/socket_names.h"
#include "intercept/engine.h"

/* /proc/net/unix: every AF_UNIX socket with its name, which is a path on the host. */

enum { COLUMNS = 7 };

/* Where the name begins: behind seven words, which are padded with blanks. */
static size_t find_name(const char *line, size_t length)
{
	size_t at = 0;

	for (size_t column = 0; column < COLUMNS; column++) {
		while (at < length && line[at] == ' ')
			at++;
		while (at < length && line[at] != ' ')
			at++;
	}
	return at < length ? at + 1 : length;
}

long sockets_produce(struct served *served)
{
	struct slot *slot = served->slot;
	struct lines lines = lines_of(served->source, slot->bytes, sizeof(slot->bytes));
	char *line;
	size_t length;
	long more;

	for (more = lines_next(&lines, &line, &length); more > 0;
		more = lines_next(&lines, &line, &length)) {
		struct text guest = text_in(slot->first_host, sizeof(slot->first_host));
		size_t name = find_name(line, length);

		text_add_bytes(&served->out, line, name);
		if (line[name] != '@' &&
			socket_name_decode(&engine.view, line + name, length - name, &guest) == 0)
			text_add(&served->out, guest.at);
		else
			text_add(&served->out, line + name);
		text_add(&served->out, "\n");
	}
	return more;
}
