# Confines a command as AWS Lambda confines a function, as far as that is known (docs/local-lambda.md), then becomes it.
#   lambda.pl WRITABLE_DIRECTORY PROGRAM [ARGUMENT]...
# It wants to be root in a mount namespace of its own.
use strict;
use warnings;

my ($writable, @command) = @ARGV;
my ($eperm, $enosys) = (1, 38);

# Everything of the host is read-only but /tmp and the given directory; /dev has five devices and nothing else.
my $mounts = <<'END';
set -e
for place in /tmp "$1"; do mount --rbind "$place" "$place"; done
mount -t tmpfs -o mode=755,nosuid dev /dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "/dev/${device%:*}" c 1 "${device#*:}"; done
mount -o remount,ro /dev
mount -o remount,bind,ro /
END
system('/bin/sh', '-c', $mounts, 'sh', $writable) == 0 or die "mounts failed\n";

# The guest's processes are numbered as if nothing had run before them.
open my $last, '>', '/proc/sys/kernel/ns_last_pid' or die "ns_last_pid: $!\n";
print $last $$;
close $last;

# Numbers of x86_64.
my @refused = (
    101, 317, 161, 155, 165, 166, 430, 431, 432, 433, 429, 428, 442, 272, 308, 321, 298, 323, 425, 426, 427, 250, 248, 249,
);
my @options = (1, 15, 22, 38);          # prctl: PDEATHSIG, NAME, SECCOMP, NO_NEW_PRIVS
my $namespaces = 0x7e020000;            # clone: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
my ($load, $and, $equal, $set, $least, $answer) = (0x20, 0x54, 0x15, 0x45, 0x35, 0x06);
my ($allow, $kill, $error) = (0x7fff0000, 0x80000000, 0x00050000);

sub step { my ($code, $constant, $then, $else) = @_; return pack('S C C L', $code, $then // 0, $else // 0, $constant) }
sub when { my ($test, $constant, @steps) = @_; return step($test, $constant, 0, scalar @steps), @steps }
sub refuse { return step($answer, $error | $_[0]) }
sub argument { return step($load, 16 + 8 * $_[0]) }
my $permit = step($answer, $allow);
my $forbid = refuse($eperm);
my $device = sub {
    return argument($_[0]), step($and, 0170000), when($equal, 0020000, $forbid), when($equal, 0060000, $forbid), $permit;
};
my @filter = (
    step($load, 4), step($equal, 0xc000003e, 1, 0), step($answer, $kill),
    step($load, 0), when($least, 0x40000000, step($answer, $kill)),
    (map { when($equal, $_, $forbid) } @refused),
    when($equal, 435, refuse($enosys)),    # clone3, whose flags no filter can see
    when($equal, 157, argument(0), (map { when($equal, $_, $forbid) } @options), $permit),
    when($equal, 56, argument(0), when($set, $namespaces, $forbid), $permit),
    when($equal, 133, $device->(1)),
    when($equal, 259, $device->(2)),
    $permit,
);
my $text = join '', @filter;
my $program = pack('S x6 P', scalar @filter, $text);
my ($prctl, $set_seccomp, $mode_filter) = (157, 22, 2);
syscall($prctl, $set_seccomp, $mode_filter, $program) == 0 or die "the filter is refused: $!\n";

my @limits = qw(prlimit --nofile=1024 --nproc=1024 --core=0 --);
my @user = qw(setpriv --reuid=993 --regid=990 --clear-groups --inh-caps=-all --);
exec @limits, @user, @command or die "$limits[0]: $!\n";
