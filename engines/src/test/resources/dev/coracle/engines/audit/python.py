# Calls that strace 6.1 cannot read yet (fchmodat2, getxattrat) are left to the differential tests.
# Python: threads, subprocesses, descriptors, sockets, every family of calls with a directory's descriptor.
import ctypes, os, shutil, socket, sqlite3, ssl, subprocess, tempfile, threading
os.chdir('/work')
host = os.environ['HOST_ONLY']
assert not os.path.exists(host)
os.symlink('/etc', 'etc')
directory = os.open('etc', os.O_RDONLY)
assert os.stat('passwd', dir_fd=directory) and os.stat('../etc/passwd', dir_fd=directory)
assert os.stat('../../../../etc', dir_fd=directory)
for attempt in (host, '/..' + host, 'etc/../..' + host, '../../../../..' + host):
    for what in (os.stat, os.lstat, os.listdir, os.readlink, os.unlink, os.chdir, os.statvfs, os.rmdir):
        try:
            what(attempt)
            raise SystemExit('%s reached %s' % (what, attempt))
        except OSError:
            pass
    try:
        os.stat(attempt, dir_fd=directory)
        raise SystemExit('descriptor reached')
    except OSError:
        pass
threads = [threading.Thread(target=os.stat, args=('/etc/group',)) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
subprocess.run(['sh', '-c', 'cat /etc/hostname >/dev/null; cd /usr; pwd'], check=True)
subprocess.run(['cat'], input=b'', cwd='/etc', check=True)
shutil.copytree('/etc/apt', 'apt', symlinks=True)
shutil.rmtree('apt')
with tempfile.TemporaryDirectory() as d:
    open(d + '/f', 'w').close()
with sqlite3.connect('db') as db:
    db.execute('create table t(a)')
server = socket.socket(socket.AF_UNIX)
server.bind('/work/sock')
server.listen()
client = socket.socket(socket.AF_UNIX)
client.connect('sock')
libc = ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(4096)
for path in (host.encode(), b'/etc/passwd', b'etc/passwd'):
    for call in ((332, -100, path, 0, 0x7ff, buffer), (439, -100, path, 4, 0), (437, -100, path, bytes(24), 24), 
                 (89, path, buffer, 100), (137, path, buffer), (191, path, b'user.x', buffer, 10), (303, -100, path, buffer, buffer, 0),
                 (428, -100, path, 0), (301, 3, 1, 2, -100, path), (425, 8, buffer)):
        libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in call])
unnamed = os.open('/work', os.O_TMPFILE | os.O_RDWR)
os.link('/proc/self/fd/%d' % unnamed, 'named', src_dir_fd=directory, follow_symlinks=True)
os.execve(os.open('/bin/sh', os.O_RDONLY), ['sh', '-c', 'exit 0'], {})
