import { createRequire } from 'node:module';

/** How long it takes to import the constructs in a process that has cdktf already. */
const load = createRequire(__filename);
const [, , library = ''] = process.argv;
load('cdktf');
const started = performance.now();
load(library);
process.stdout.write(JSON.stringify({ wall: performance.now() - started }));
