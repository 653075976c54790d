# BusyBox built with musl-gcc, by its own tests: how each single test ended. Left out are what asks the network (wget, hostname -d)
# or wants the machine's own disks (mount, mdev), and bc, whose tests take minutes of computing.
cp -r /opt/busybox . && cd busybox/testsuite && rm -rf wget hostname mount.* mount mdev.tests bc.tests
timeout 500 ./runtest -v >../log 2>&1; echo "ended with $?"
grep -aE '^(PASS|FAIL|SKIPPED|UNTESTED)' ../log | sort | uniq -c
exit 0
