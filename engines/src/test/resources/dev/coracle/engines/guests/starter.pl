# First process of fresh mount and pid namespaces: gives the guest a /proc of its own, starts it, and writes how it ended.
#   starter.pl STATUS_FILE TREE_OR_- WORKDIR NUMBER_OF_VARIABLES [NAME=VALUE]... PROGRAM [ARGUMENT]...
# Instead of a tree, options of a mount of overlayfs, a blank, and the directory to mount it on.
# With a tree the program is started in a real chroot of it; with "-" it is started as it is.
use strict;
use warnings;

my ($status, $tree, $workdir, $number, @command) = @ARGV;
my @variables = splice(@command, 0, $number);

my $overlay = '';
if ($tree =~ /^(lowerdir=\S+) (\S+)$/) {
    $overlay = " && mount -t overlay overlay -o '$1' '$2'";
    $tree = $2;
}
my $mounts = 'mount -t proc proc /proc';
$mounts .= qq($overlay && mount --bind /proc '$tree/proc' && mount --rbind /dev '$tree/dev') if $tree ne '-';
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
