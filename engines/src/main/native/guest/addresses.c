#include "guest/addresses.h"

#include <linux/fcntl.h>

#include "base/mem.h"
#include "base/sys.h"

/* include/linux/socket.h, include/linux/net.h; IPv6 without its scope is how it began (RFC 2133).
 */
enum { FAMILY_4 = 2, FAMILY_6 = 10, LENGTH_4 = 16, LENGTH_6 = 24, KIND_DATAGRAM = 2 };

/* Where they stand in struct address's `path`, behind the family and the port. */
enum { HOST_4 = 2, HOST_6 = 6, HOST_6_BYTES = 16, MAPPED_BYTES = 12 };

static const unsigned char mapped_prefix[MAPPED_BYTES] = {[10] = 0xff, [11] = 0xff};

unsigned address_port(const struct address *address, unsigned length)
{
	const unsigned char *bytes = (const unsigned char *)address->path;

	if ((address->family != FAMILY_4 || length < LENGTH_4) &&
		(address->family != FAMILY_6 || length < LENGTH_6))
		return 0;
	return (unsigned)bytes[0] << 8 | bytes[1];
}

void address_set_port(struct address *address, unsigned port)
{
	address->path[0] = (char)(port >> 8);
	address->path[1] = (char)(port & 0xff);
}

enum nearness { HERE, ELSEWHERE, UNKNOWN };

/* The machine itself, wherever that is; or many at once. */
static enum nearness nearness_4(const unsigned char *host)
{
	static const unsigned char any[4];

	if (host[0] == 127 || memcmp(host, any, sizeof(any)) == 0)
		return HERE;
	return host[0] >= 224 ? ELSEWHERE : UNKNOWN;
}

static enum nearness nearness_6(const unsigned char *host)
{
	static const unsigned char zeros[HOST_6_BYTES - 1];

	if (memcmp(host, mapped_prefix, sizeof(mapped_prefix)) == 0)
		return nearness_4(host + MAPPED_BYTES);
	if (memcmp(host, zeros, sizeof(zeros)) == 0 && host[HOST_6_BYTES - 1] <= 1)
		return HERE;
	return host[0] == 0xff ? ELSEWHERE : UNKNOWN;
}

/* Only an address of this machine can be bound. */
static bool can_be_bound(const struct address *address, unsigned length)
{
	struct address any_port = *address;
	long socket = sys_socket(address->family, KIND_DATAGRAM | O_CLOEXEC, 0);
	long error;

	if (socket < 0)
		return false;
	address_set_port(&any_port, 0);
	error = sys_bind((int)socket, &any_port, length);
	sys_close((int)socket);
	return error == 0;
}

bool address_is_local(const struct address *address, unsigned length)
{
	const unsigned char *bytes = (const unsigned char *)address->path;
	enum nearness nearness = address->family == FAMILY_4 ? nearness_4(bytes + HOST_4)
							     : nearness_6(bytes + HOST_6);

	return nearness == HERE || (nearness == UNKNOWN && can_be_bound(address, length));
}
