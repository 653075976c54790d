# Random file operations, the same for the same seed; every answer is printed, and the tree now and then.
#   random.pl SEED STEPS
use strict;
use warnings;
use Fcntl qw(:DEFAULT :mode SEEK_SET);
use POSIX qw(mkfifo);

my ($seed, $steps) = @ARGV;
srand $seed;
my @names = qw(a b c d e);
my @places = ('.', 'low', 'low/deep', 'low/deep/er', 'low/other', 'new', 'new/a', 'low/a', 'low/b', 'low/deep/a');

sub pick { $_[int rand @_] }
sub path { pick(@places) . '/' . pick(@names, 'f1', 'f2', 'deep', 'er', 'other', 'link', 'dirlink', 'low', 'new', 'hard') }
sub told { my ($ok) = @_; $ok ? 'ok' : "$!" }

sub content {
    my ($path) = @_;
    open my $in, '<', $path or return "$!";
    local $/;
    my $text = <$in> // '';
    return length($text) > 60 ? length($text) . ':' . unpack('%32C*', $text) : $text =~ s/\n/|/gr;
}

sub put {
    my ($path, $flags, $text) = @_;
    sysopen my $out, $path, $flags, 0644 or return "$!";
    sysseek $out, int rand 20, SEEK_SET if rand() < 0.3 && !($flags & O_APPEND);
    defined syswrite $out, $text or return "$!";
    return 'ok';
}

sub show {
    my ($path) = @_;
    my @s = lstat $path or return "$path $!";
    my $line = sprintf '%s %o', $path, $s[2];
    # Links of directories are not counted where trees are merged, and copies break links.
    $line .= ' size ' . $s[7] if S_ISREG($s[2]);
    $line .= ' -> ' . readlink $path if S_ISLNK($s[2]);
    $line .= ' ' . content($path) if S_ISREG($s[2]);
    $line .= ' at ' . $s[9] if $s[9] < 1_100_000_000;
    return $line;
}

sub walk {
    my ($directory) = @_;
    opendir my $d, $directory or return print "$directory $!\n";
    my @all = sort readdir $d;
    my %seen;
    $seen{$_}++ and print "twice: $directory/$_\n" for @all;
    for my $name (grep { !/^\.\.?$/ } @all) {
        my $path = "$directory/$name";
        print show($path), "\n";
        walk($path) if -d $path && !-l $path;
    }
}

# A descriptor opened before a change must go on seeing what it did, or what the change made.
my @held;

my %act = (
    mkdir => sub { my $p = path(); "$p " . told(mkdir $p, pick(0755, 0700, 0777)) },
    rmdir => sub { my $p = path(); "$p " . told(rmdir $p) },
    unlink => sub { my $p = path(); "$p " . told(unlink $p) },
    rename => sub { my ($p, $q) = (path(), path()); "$p $q " . told(rename $p, $q) },
    link => sub { my ($p, $q) = (path(), path()); "$p $q " . told(link $p, $q) },
    symlink => sub { my ($t, $p) = (pick('../low', 'deep', '/work/low/f1', 'nothing', '..', path()), path()); "$t $p " . told(symlink $t, $p) },
    create => sub { my $p = path(); "$p " . put($p, O_WRONLY | O_CREAT | pick(0, O_TRUNC, O_EXCL, O_APPEND, O_NOFOLLOW), "new $p\n") },
    write => sub { my $p = path(); "$p " . put($p, pick(O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND), "changed\n") },
    chmod => sub { my ($p, $m) = (path(), pick(0600, 0644, 0755, 0400, 01777)); "$p " . told(chmod $m, $p) },
    utime => sub { my ($p, $t) = (path(), 1_000_000_000 + int rand 1000); "$p " . told(utime $t, $t, $p) },
    truncate => sub { my ($p, $n) = (path(), int rand 100); "$p $n " . told(truncate $p, $n) },
    read => sub { my $p = path(); "$p " . content($p) },
    stat => sub { show(path()) },
    list => sub { my $p = pick(@places); opendir my $d, $p or return "$p $!"; "$p " . join ' ', sort readdir $d },
    fifo => sub { my $p = path(); "$p " . told(mkfifo($p, 0600)) },
    remove => sub { my $p = pick(@places[1 .. $#places]); "$p " . system('rm', '-rf', $p) },
    copy => sub { my ($p, $q) = (path(), path()); -p $p || -p $q ? 'fifo' : "$p $q " . system("cp -a $p $q 2>/dev/null") },
    move => sub { my ($p, $q) = (path(), path()); "$p $q " . system("mv -n $p $q 2>/dev/null </dev/null") },
    hold => sub { my $p = path(); return 'fifo' if -p $p; open my $f, '<', $p or return "$p $!"; push @held, $f if -f $f; "$p held" },
    fchmod => sub { @held ? told(chmod pick(0600, 0640, 0444), $held[-1]) : 'none' },
    there => sub { my $p = path(); join ' ', $p, map { $_ ? 1 : 0 } -e $p, -d _, -l $p, -r $p, -w $p, -x $p },
);
my @acts = sort keys %act;

# Opening a pipe would wait for the other side.
sub step {
    my $name = pick(@acts, qw(create write rename unlink mkdir read));
    my $text = eval { local $SIG{ALRM} = sub { die "waited\n" }; alarm 2; my $t = $act{$name}->(); alarm 0; $t } // $@;
    chomp $text;
    print "$name $text\n";
}

$| = 1;
umask 022;
for my $number (1 .. $steps) {
    print "$number ";
    step();
    walk('.') if $number % 50 == 0;
}
print "end\n";
walk('.');
