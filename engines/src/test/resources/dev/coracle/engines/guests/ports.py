# What a guest sees of its ports goes to standard output, and what they are for the host to standard error.
# Needs a network of its own.
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys

UP, ADDRESS, MASK, ROUTE = 0x8914, 0x8916, 0x891C, 0x890B

control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(control, UP, struct.pack("16sH14x", b"lo", 0x41))


def internet(address):
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))


# One address of this machine that does not look like it, and a way to others.
fcntl.ioctl(control, ADDRESS, struct.pack("16s16s", b"lo:1", internet("10.1.2.3")))
fcntl.ioctl(control, MASK, struct.pack("16s16s", b"lo:1", internet("255.255.255.255")))
device = ctypes.create_string_buffer(b"lo")
entry = struct.pack("L16s16s16sHhLPhxxxxxxPLLH", 0, internet("0.0.0.0"), internet("0.0.0.0"), internet("0.0.0.0"),
                    1, 0, 0, 0, 0, ctypes.addressof(device), 0, 0, 0)
fcntl.ioctl(control, ROUTE, bytearray(entry + bytes(16)), True)


def real(of):
    """The number in the kernel's own table: of this end, of the other."""
    inode = os.stat(f"/proc/self/fd/{of.fileno()}").st_ino
    for table in "tcp", "tcp6", "udp", "udp6":
        for line in open(f"/proc/net/{table}").read().splitlines()[1:]:
            words = line.split()
            if words[9] == str(inode):
                return [int(words[i].split(":")[1], 16) for i in (1, 2)]


def tell(what, ports):
    print(what, *ports, file=sys.stderr)


def stream(family, host, reach):
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, 80))
    server.listen(5)
    client = socket.socket(family, socket.SOCK_STREAM)
    client.connect((reach, 80))
    accepted, peer = server.accept()
    assert peer == client.getsockname() and accepted.getpeername() == peer
    print(server.getsockname()[:2], client.getpeername()[:2], accepted.getsockname()[:2])
    tell("stream", [real(server)[0], real(client)[1], real(accepted)[0]])
    for one in client, accepted, server:
        one.close()


def datagram(family, host, reach):
    server = socket.socket(family, socket.SOCK_DGRAM)
    server.bind((host, 53))
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.bind((reach, 0))
    port = client.getsockname()[1]
    client.sendto(b"one", (reach, 53))
    data, peer = server.recvfrom(9)
    print(data, peer[0], peer[1] == port, server.getsockname()[:2])
    client.sendmsg([b"two"], [], 0, (reach, 53))
    data, _, _, peer = server.recvmsg(9)
    print(data, peer[0], peer[1] == port)
    server.sendto(b"back", peer)
    data, peer = client.recvfrom(9)
    print(data, peer[:2])
    server.sendto(b"again", client.getsockname())
    data, _, _, peer = client.recvmsg(9)
    print(data, peer[:2])
    client.connect((reach, 53))
    client.send(b"three")
    print(server.recv(9), client.getpeername()[:2])
    tell("datagram", [real(server)[0], real(client)[1]])
    client.close()
    server.close()


for how in (
    (socket.AF_INET, "127.0.0.1", "127.0.0.1"),
    (socket.AF_INET, "0.0.0.0", "10.1.2.3"),
    (socket.AF_INET, "0.0.0.0", "127.8.8.8"),
    (socket.AF_INET6, "::1", "::1"),
    (socket.AF_INET6, "::", "::ffff:127.0.0.1"),
):
    stream(*how)
    datagram(*how)

# Another machine's ports are what they are.
away = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
away.connect(("192.0.2.7", 53))
print(away.getpeername())
tell("away", [real(away)[1]])

# A child finds its parent's; another number is the same for all; what is taken is taken.
server = socket.socket()
server.bind(("127.0.0.1", 80))
server.listen(1)
print(subprocess.run([sys.executable, "-c", "import socket; s = socket.create_connection(('127.0.0.1', 80)); print(s.getpeername())"],
                     capture_output=True, text=True))
try:
    socket.socket().bind(("127.0.0.1", 80))
except OSError as e:
    print(e)
for address in ("127.0.0.1", 0), ("127.0.0.1", 65535):
    one = socket.socket()
    one.bind(address)
    print(one.getsockname()[1] != 0, one.getsockname()[1] == 65535)
for wrong in b"\2\0", b"\2\0\0\x50" + bytes(4), struct.pack("HH4s", 2, 80, b"\1\2\3\4") + bytes(130):
    libc = ctypes.CDLL(None, use_errno=True)
    for call in libc.bind, libc.connect:
        print(call(one.fileno(), wrong, len(wrong)), os.strerror(ctypes.get_errno()))
