import { createRequire } from 'node:module';

/** How long it takes to import the constructs in a process that has cdktf already. */
const load = createRequire(__filename);
const [, , library = ''] = process.argv;
load('cdktf');
const started = performance.now();
const before = process.cpuUsage();
load(library);
const wall = performance.now() - started;
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1000 }));
