# Every place that tells the kernel's release; what the vDSO's note says goes to standard error.
import ctypes
import os
import struct
import subprocess

print(list(os.uname()))
for name in "version", "sys/kernel/osrelease", "sys/kernel/version", "sys/kernel/ostype", "sys/kernel/hostname":
    with open("/proc/" + name) as file:
        print(name, file.read(), os.fstat(file.fileno()).st_size, oct(os.fstat(file.fileno()).st_mode))
os.chdir("/proc/sys/kernel")
print(open("osrelease").read(), open("../../version").read(), open("/proc/self/root/proc/version").read())
for command in "uname -a", "setarch --uname-2.6 uname -r", "setarch --uname-2.6 cat /proc/sys/kernel/osrelease | wc -l":
    print(subprocess.run(command, shell=True, capture_output=True, text=True))
libc = ctypes.CDLL(None, use_errno=True)
print(libc.uname(ctypes.c_void_p(8)), os.strerror(ctypes.get_errno()))
print(hex(libc.personality(-1)), libc.prctl(39, 0, 0, 0, 0), libc.prctl(3, 0, 0, 0, 0), libc.prctl(21, 0, 0, 0, 0))
for writable in "/proc/version", "/proc/sys/kernel/osrelease":
    try:
        os.close(os.open(writable, os.O_RDWR))
        print(writable, "opened")
    except OSError as e:
        print(e)

libc.getauxval.restype = ctypes.c_ulong
page = ctypes.string_at(libc.getauxval(33), 4096)
at = page.index(struct.pack("III8s", 6, 4, 0, b"Linux"))
code = struct.unpack_from("I", page, at + 20)[0]
os.write(2, b"%d.%d.%d\n" % (code >> 16, code >> 8 & 255, code & 255))
