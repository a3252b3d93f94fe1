const { spawn } = require('node:child_process');

/** Runs scripts of package.json at the same time, each on a processor of its own; shows what each printed when it ends, and fails if one does. */
for (const script of process.argv.slice(2)) {
  const child = spawn('npm', ['run', script], { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  child.once('close', (status) => {
    process.stdout.write(printed);
    if (status !== 0) process.exitCode = 1;
  });
}
