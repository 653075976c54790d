# Python's own tests of what it asks of the system; how each single test ended. Left out are one that changes the machine's name, one
# that wants terminals, which Lambda's /dev has not, one that gives a symbolic link an attribute (docs/owners.md), one that depends on
# whether root's processes are limited in number, and one that loses a race on a busy machine, under chroot too.
ulimit -n 1024
python3 -m test -q -j3 --timeout=300 --junit-xml=/work/results.xml -i '*test_sethostname' -i '*test_openpty' -i '*test_copyxattr_symlinks' \
    -i '*test_preexec_fork_failure' -i '*test_leak_fast_process_del_killed' \
    test_signal test_subprocess test_socket test_threading test_os test_posix test_pathlib test_shutil test_mmap test_tempfile test_glob \
    >log 2>&1; echo "ended with $?"
cat >ends.py <<'END'
import xml.etree.ElementTree as tree
ends = []
for case in tree.parse("results.xml").iter("testcase"):
    kinds = sorted(child.tag for child in case if child.tag in ("failure", "error", "skipped"))
    ends.append(f"{case.get('name')} {' '.join(kinds) or 'ok'}")
print("\n".join(sorted(ends)))
END
python3 ends.py
