# Debian's PostgreSQL: initdb, start, pgbench, a query, stop.
install -d -o postgres -g postgres /work/cluster && cd /work/cluster || exit
as() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/work/cluster PATH="$(echo /usr/lib/postgresql/*/bin):$PATH" "$@"; }
as initdb -D data -A trust --no-sync >initdb.log 2>&1; echo "initdb $?"
as pg_ctl -D data -w -l log -o "-k /work/cluster -c listen_addresses='' -c fsync=off" start >/dev/null; echo "start $?"
as pgbench -h /work/cluster -i -q postgres >/dev/null 2>&1; echo "fill $?"
as pgbench -h /work/cluster -c 4 -j 2 -t 50 postgres 2>/dev/null | grep 'actually processed'
as psql -h /work/cluster -At -c 'select count(*) from pgbench_accounts; select sum(n) from generate_series(1, 1000) n' postgres
as pg_ctl -D data -w -m fast stop >/dev/null; echo "stop $?"
grep -c 'database system is shut down' log
