# First process of fresh mount and pid namespaces: gives the guest a /proc of its own, starts it, and writes how it ended.
#   starter.pl STATUS_FILE TREE_OR_- WORKDIR NUMBER_OF_BINDS [HOST:GUEST[:ro]]... NUMBER_OF_VARIABLES [NAME=VALUE]... PROGRAM [ARGUMENT]...
# Instead of a tree, options of a mount of overlayfs, a blank, and the directory to mount it on.
# With a tree the program is started in a real chroot of it, with the binds mounted; with "-" it is started as it is.
use strict;
use warnings;

my ($status, $tree, $workdir, $bindings, @command) = @ARGV;
my @binds = splice(@command, 0, $bindings);
my @variables = splice(@command, 0, shift @command);

my $overlay = '';
if ($tree =~ /^(lowerdir=\S+) (\S+)$/) {
    $overlay = " && mount -t overlay overlay -o '$1' '$2'";
    $tree = $2;
}
# A /dev of its own, for whoever is root in here can remove what is in the machine's. (mknodat(2), numbers from devices.txt.)
my $mounts = 'mount -t proc proc /proc && mount -t tmpfs -o mode=755 dev /dev && mkdir /dev/pts /dev/shm'
    . ' && mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts && chmod 1777 /dev/shm && umask 0'
    . ' && mknod /dev/null c 1 3 && mknod /dev/zero c 1 5 && mknod /dev/full c 1 7 && mknod /dev/random c 1 8'
    . ' && mknod /dev/urandom c 1 9 && mknod /dev/tty c 5 0 && ln -s pts/ptmx /dev/ptmx && ln -s /proc/self/fd /dev/fd'
    . ' && ln -s fd/0 /dev/stdin && ln -s fd/1 /dev/stdout && ln -s fd/2 /dev/stderr';
$mounts .= qq($overlay && mount --bind /proc '$tree/proc' && mount --rbind /dev '$tree/dev') if $tree ne '-';
for (@binds) {
    my ($host, $guest, $read_only) = split /:/;
    $mounts .= " && mount --bind '$host' '$tree$guest'";
    $mounts .= " && mount -o remount,bind,ro '$tree$guest'" if $read_only;
}
system('/bin/sh', '-c', $mounts) == 0 or die "mounts failed\n";

# Both ways of starting then see the same process ids.
open my $last, '>', '/proc/sys/kernel/ns_last_pid' or die "ns_last_pid: $!\n";
print $last 100;
close $last;

umask 022;
my $child = fork // die "fork: $!\n";
if (!$child) {
    if ($tree ne '-') {
        chroot $tree or die "chroot: $!\n";
        chdir $workdir or die "chdir: $!\n";
    }
    # execve(2) itself: perl's own exec would shuffle the environment.
    syscall(59, $command[0], pack('p*', @command, undef), pack('p*', @variables, undef));
    my $code = $!{ENOENT} ? 127 : 126;
    print STDERR "starter: $command[0]: $!\n";
    require POSIX;
    POSIX::_exit($code);
}
waitpid $child, 0;
my $end = $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
open my $out, '>', $status or die "$status: $!\n";
print $out $end;
close $out;
