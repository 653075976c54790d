# perl, bash, dash, awk and ruby programs that start children, trap signals, and use pipes and files.
bash -c 'set -e; trap "echo term" TERM; kill -TERM $$; a=($(seq 1 20)); echo ${a[@]:3:4}; (exit 5) || echo $?
    while read -r x; do echo "<$x>"; done < <(ls -d /e*); exec 7>out; echo hi >&7; exec 7>&-; cat out
    coproc { tr a-z A-Z; }; echo word >&${COPROC[1]}; eval "exec ${COPROC[1]}>&-"; cat <&${COPROC[0]}
    sleep 100 & kill $!; wait $!; echo $?; echo /usr/lib/*.d/ | wc -w; printf "%s\n" {a..c}{1..2}'
dash -c 'set -e; for i in 1 2 3; do (echo $i; sleep 0) & done | sort; wait; f() { local x=1; echo $x; }; f; umask; ulimit -n 256; ulimit -n
    cat <<END | sed s/a/b/
aaa
END
    kill -l 9; trap "echo leaving" EXIT; cd /usr && pwd && cd - && test -d . -a ! -e /nope && echo yes'
perl -e 'use strict; use POSIX; use Socket; use Fcntl ":flock"; $| = 1;
    socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die; my $pid = fork // die;
    if (!$pid) { syswrite $b, "from child"; POSIX::_exit(7) } waitpid $pid, 0; sysread $a, my $text, 100; print "$text ", $? >> 8, "\n";
    local $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 20 }; print $@;
    open my $f, "+>", "locked" or die; flock $f, LOCK_EX or die; print "locked\n"; print join(" ", sort glob("/etc/host*")), "\n";
    open my $pipe, "-|", "echo piped; exit 3" or die; print <$pipe>; close $pipe; print $? >> 8, " ", POSIX::getcwd(), "\n"; exec "sh", "-c", "echo last"'
ruby -e 'threads = (1..8).map { |i| Thread.new { `echo #{i}`.to_i } }; p threads.sum(&:value); p Process.wait2(fork { exit 3 })[1].exitstatus
    require "socket"; require "tmpdir"; s = TCPServer.new("127.0.0.1", 0); t = Thread.new { s.accept.puts "served" }
    puts TCPSocket.new("127.0.0.1", s.addr[1]).gets; Dir.mktmpdir { |d| File.write("#{d}/x", "y"); puts Dir.children(d) }
    begin; File.read("/nope"); rescue => e; puts e.class; end; puts $0, RbConfig.ruby'
