# Programs on musl: PostgreSQL and bun, linked dynamically; biome, in Rust. And static ones of other makers: esbuild and the
# TypeScript compiler in Go, protoc in C++.
packages=/opt/npm/node_modules
install -d -o postgres -g postgres /work/cluster && cd /work/cluster || exit
as() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/work/cluster LD_LIBRARY_PATH=/opt/postgres/lib "$@"; }
as /opt/postgres/bin/initdb -D data -A trust --no-sync >initdb.log 2>&1; echo "initdb $?"
as /opt/postgres/bin/pg_ctl -D data -w -l log -o "-k /work/cluster -c listen_addresses='' -c fsync=off" start >/dev/null; echo "start $?"
query() { psql -h /work/cluster -U postgres -At "$@" postgres; }
query -c 'create table t as select n, md5(n::text) as m from generate_series(1, 20000) n; create index on t (m)'
for i in 1 2 3 4; do query -c "insert into t select n, 'more' from generate_series(1, 1000) n" & done; wait
query -c 'select count(*), count(distinct m) from t; vacuum analyze t' -c "copy (select n from t order by n limit 3) to '/work/cluster/copy'; "
cat copy; ls -l copy | cut -d' ' -f1-4; as /opt/postgres/bin/pg_ctl -D data -w -m fast stop >/dev/null; echo "stop $?"
cd /work && mkdir web && cat >web/main.ts <<'END'
import { readdirSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
writeFileSync("written", "text");
symlinkSync("written", "link");
console.log(readdirSync(".").sort(), readlinkSync("link"), realpathSync("link"), await Bun.file("/work/web/link").text());
const child = Bun.spawn(["sh", "-c", "read x; echo $x-$0; exit 3"], { stdin: new Blob(["in\n"]) });
console.log(await new Response(child.stdout).text(), await child.exited);
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => new Response("served " + new URL(request.url).pathname) });
const answers = await Promise.all([...Array(50).keys()].map((n) => fetch(`http://127.0.0.1:${server.port}/${n}`).then((a) => a.text())));
console.log(answers.filter((text, n) => text === "served /" + n).length);
server.stop(true);
const worker = new Worker("require('node:worker_threads').parentPort.postMessage([1, 2, 3].map(x => x * 2))", { eval: true });
worker.on("message", (message) => { console.log(message); worker.terminate(); });
END
# Two functions that the C++ library of PostgreSQL's archive is too old for.
printf 'void _ZSt21__glibcxx_assert_failPKciS0_S0_(void) { __builtin_trap(); }\nvoid _ZSt28__throw_bad_array_new_lengthv(void) { __builtin_trap(); }\n' >newer.c
musl-gcc -shared -fPIC -o newer.so newer.c
cd web && LD_PRELOAD=/work/newer.so LD_LIBRARY_PATH=/opt/postgres/lib $packages/@oven/bun-linux-x64-musl/bin/bun run main.ts; echo "bun $?"
echo 'import {x} from "./b"; console.log(x as number)' >a.ts; echo 'export const x: number = 1+1' >b.ts
$packages/@esbuild/linux-x64/bin/esbuild a.ts --bundle --minify --outfile=out.js 2>/dev/null; echo "esbuild $?"; cat out.js
$packages/@biomejs/cli-linux-x64-musl/biome format --write b.ts | sed 's/ in .*//'; cat b.ts; $packages/@biomejs/cli-linux-x64-musl/biome lint a.ts >/dev/null 2>&1; echo "biome $?"
echo 'export const y: string = 1' >>b.ts; $packages/@typescript/native-preview-linux-x64/lib/tsgo --noEmit --pretty false a.ts; echo "tsgo $?"
printf 'syntax = "proto3";\npackage a;\nmessage M { string name = 1; repeated int32 n = 2; }\n' >m.proto
protoc=$(echo /opt/maven/protoc-*.exe)
"$protoc" --cpp_out=. --python_out=. m.proto && ls m*; printf 'name: "x" n: 1 n: 300' | "$protoc" --encode=a.M m.proto | od -An -tx1
