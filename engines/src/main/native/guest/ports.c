#include "guest/ports.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/sys.h"
#include "guest/addresses.h"
#include "intercept/engine.h"

/* Ports that the run was given (--netcoop) stand in a file, for all processes of the run. */

enum { AT_ONCE = 128, LOCK_EXCLUSIVE = 2 };

/* One direction or the other; 0 when the file does not tell. */
static unsigned learned_in(int file, unsigned port, bool of_guest)
{
	struct custom_port ports[AT_ONCE];
	long offset = 0;
	long length;

	do {
		length = sys_pread(file, ports, sizeof(ports), offset);
		for (size_t i = 0; length > 0 && i < (size_t)length / sizeof(ports[0]); i++) {
			if (of_guest && ports[i].guest == port)
				return ports[i].host;
			if (!of_guest && ports[i].host == port)
				return ports[i].guest;
		}
		offset += length;
	} while (length == (long)sizeof(ports));
	return 0;
}

static unsigned learned(unsigned port, bool of_guest)
{
	unsigned other;
	long file;

	if (engine.custom.learned == NULL)
		return 0;
	file = sys_openat(AT_FDCWD, engine.custom.learned, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0)
		return 0;
	other = learned_in((int)file, port, of_guest);
	sys_close((int)file);
	return other;
}

/* The other number of a port, or 0. */
static unsigned other_number(unsigned port, bool of_guest)
{
	for (size_t i = 0; i < engine.custom.port_count; i++) {
		const struct custom_port *one = &engine.custom.ports[i];

		if (of_guest && one->guest == port)
			return one->host;
		if (!of_guest && one->host == port)
			return one->guest;
	}
	return learned(port, of_guest);
}

bool ports_may_map(const struct address *address, unsigned length)
{
	return (engine.custom.port_count > 0 || engine.custom.learned != NULL) &&
	       address_port(address, length) != 0;
}

bool ports_to_host(struct address *address, unsigned length)
{
	unsigned port;

	if (!ports_may_map(address, length))
		return false;
	port = other_number(address_port(address, length), true);
	if (port == 0 || !address_is_local(address, length))
		return false;
	address_set_port(address, port);
	return true;
}

void ports_to_guest(struct address *address, unsigned length, bool own)
{
	unsigned port;

	if (!ports_may_map(address, length))
		return;
	port = other_number(address_port(address, length), false);
	if (port != 0 && (own || address_is_local(address, length)))
		address_set_port(address, port);
}

/* Any port that is free, which the run keeps for this number from then on. */
static long bind_any(int socket, struct address *address, unsigned length, int file)
{
	struct custom_port entry = {.guest = (unsigned short)address_port(address, length)};
	struct address bound = {.family = 0};
	unsigned bound_length = sizeof(bound);
	long error;

	address_set_port(address, 0);
	error = sys_bind(socket, address, length);
	if (error == 0)
		error = sys_getsockname(socket, &bound, &bound_length);
	if (error < 0)
		return error;
	entry.host = (unsigned short)address_port(&bound, bound_length);
	error = sys_write(file, &entry, sizeof(entry));
	return error < 0 ? error : 0;
}

static enum slot_action bind_learned(struct slot *slot, struct address *address, unsigned length)
{
	long file = sys_openat(AT_FDCWD, engine.custom.learned, O_RDWR | O_APPEND | O_CLOEXEC, 0);
	unsigned port;

	slot->result = file < 0 ? file : files_lock((int)file, LOCK_EXCLUSIVE);
	/* Another process may have been first. */
	port = slot->result == 0 ? learned_in((int)file, address_port(address, length), true) : 0;
	if (slot->result == 0 && port == 0)
		slot->result = bind_any((int)slot->argument[0], address, length, (int)file);
	/* Which gives the lock back. */
	if (file >= 0)
		sys_close((int)file);
	if (port == 0)
		return SLOT_DONE;
	address_set_port(address, port);
	slot->argument[1] = (unsigned long)address;
	return SLOT_RUN;
}

enum slot_action ports_bind(struct slot *slot, struct address *address)
{
	unsigned length = (unsigned)slot->argument[2];
	unsigned port = other_number(address_port(address, length), true);

	if (port == 0 && engine.custom.learned != NULL)
		return bind_learned(slot, address, length);
	if (port == 0)
		return SLOT_RUN;
	address_set_port(address, port);
	slot->argument[1] = (unsigned long)address;
	return SLOT_RUN;
}
