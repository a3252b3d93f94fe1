import { startRegistry } from '../../../src/registry/server';

/** Runs a registry on the folder named on the command line until the process is killed. */
void startRegistry({ port: 0, data: process.argv[2] ?? '' }).then(({ url }) => console.log(url));
