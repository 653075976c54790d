# Redis on a socket in the tree, nginx on a free port of the loopback.
redis-server --port 0 --unixsocket /work/redis.sock --dir /work --save '' --daemonize yes --pidfile /work/redis.pid >/dev/null
ask() { redis-cli -s /work/redis.sock "$@"; }
for i in $(seq 1 100); do ask ping 2>/dev/null | grep -q PONG && break; sleep 0.1; done
ask set key value; ask get key; ask eval 'return redis.call("incrby", KEYS[1], 41) + 1' 1 counter
ask bgsave; for i in $(seq 1 100); do [ "$(ask info persistence | grep -c rdb_bgsave_in_progress:0)" = 1 ] && break; sleep 0.1; done
ls dump.rdb; redis-benchmark -s /work/redis.sock -n 2000 -c 20 -q -t set,get 2>/dev/null | tr '\r' '\n' | grep -c 'per second'
ask shutdown nosave; ls /work/redis.sock 2>&1
port=$(perl -MSocket -e 'socket my $s, AF_INET, SOCK_STREAM, 0; bind $s, sockaddr_in(0, INADDR_LOOPBACK); print +(sockaddr_in getsockname $s)[0]')
mkdir -p web && echo '<p>page</p>' >web/index.html
cat >nginx.conf <<END
worker_processes 2; pid /work/nginx.pid; error_log /work/error.log;
events { worker_connections 64; }
http { access_log /work/access.log; server { listen 127.0.0.1:$port; root /work/web; location = /away { return 302 /; } } }
END
nginx -c /work/nginx.conf; echo "nginx $?"
fetch() { perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]") or die "$!\n"; print $s "GET $ARGV[1] HTTP/1.0\r\n\r\n"; print grep { !/^(Date|Last-Modified|ETag|Location)/ } <$s>' "$port" "$1"; }
fetch /; fetch /missing | head -n 1; fetch /away | head -n 1
nginx -c /work/nginx.conf -s quit; for i in $(seq 1 100); do [ -e nginx.pid ] || break; sleep 0.1; done
ls nginx.pid 2>&1; wc -l <access.log
