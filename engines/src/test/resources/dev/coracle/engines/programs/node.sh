# npm install from a local folder, worker threads, child processes, an HTTP server.
set -e
mkdir -p library && cd library
echo '{"name":"library","version":"1.2.3","main":"index.js","bin":{"shout":"shout.js"}}' >package.json
echo 'exports.double = x => 2 * x;' >index.js
printf '#!/usr/bin/env node\nconsole.log(process.argv[2].toUpperCase());\n' >shout.js
cd .. && mkdir -p application && cd application
echo '{"name":"application","version":"1.0.0","dependencies":{"library":"file:../library"}}' >package.json
npm install --offline --no-audit --no-fund --loglevel=error | sed 's/ in [0-9].*//'
node_modules/.bin/shout loud
cat >main.js <<'END'
const { Worker } = require('worker_threads');
const child = require('child_process');
const fs = require('fs');
const http = require('http');
const { double } = require('library');
console.log(process.execPath, double(21), fs.realpathSync('node_modules/library'));
console.log(child.execSync('echo $0; uname -s').toString(), child.spawnSync('false').status);
const text = `const { parentPort } = require('worker_threads'); let x = 0;
for (let i = 0; i < 3e6; i++) x += i % 7; parentPort.postMessage(x)`;
const workers = [1, 2, 3, 4].map(() => new Promise((done, fail) => {
    const worker = new Worker(text, { eval: true });
    worker.on('message', done);
    worker.on('error', fail);
}));
Promise.all(workers).then(sums => {
    console.log(sums);
    const server = http.createServer((request, response) => response.end('served ' + request.url));
    server.listen(0, '127.0.0.1', () => {
        http.get({ host: '127.0.0.1', port: server.address().port, path: '/page' }, response => {
            response.on('data', data => console.log(data.toString()));
            response.on('end', () => server.close());
        });
    });
});
fs.watch('.', () => {}).close();
END
node main.js
