import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar } from '../bar';
import { peakOf } from '../process-sampler';
import { fasterHalf, rotated } from '../statistics';
import { downloadTime, requestsPerSecond, warmUp } from './load';
import { frontBlocks, nginxProgram, type Program, registryProgram } from './programs';
import { addRepository } from './upstream';

const LARGE = 100_000_000;
const SMALL = 1024;
const CONNECTIONS = 64;

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
}

/** A way to get the same two files. */
interface Server {
  readonly name: string;
  readonly url: string;
}

/** Cached files, from the registry by itself, from nginx, and from nginx in front of the registry. */
export async function measureFiles(folder: string, effort: Effort): Promise<Bar[]> {
  const programs: Program[] = [];
  const started = <T extends Program>(program: T): T => {
    programs.push(program);
    return program;
  };
  try {
    const files = join(folder, 'files');
    mkdirSync(files);
    const large = randomBytes(LARGE);
    writeFileSync(join(files, 'large'), large);
    writeFileSync(join(files, 'small'), randomBytes(SMALL));
    const nginx = started(await nginxProgram(join(folder, 'nginx'), (port) => `server { listen 127.0.0.1:${port}; root ${files}; }`));
    const registry = started(await registryProgram(join(folder, 'data')));
    const own = await addRepository(registry.url, { name: 'files', package_type: 'generic', base_url: nginx.url });
    const fronted = started(await registryProgram(join(folder, 'fronted'), ['--accel-redirect', '/blobs/']));
    await addRepository(fronted.url, { name: 'files', package_type: 'generic', base_url: nginx.url });
    const front = started(await nginxProgram(join(folder, 'front'), frontBlocks(fronted.url, join(folder, 'fronted'))));
    const servers = [
      { name: 'nginx', url: nginx.url },
      { name: 'registry', url: own },
      { name: 'front', url: `${front.url}/api/v1/remote/files` },
    ];
    for (const { url } of servers)
      for (const [name, size] of [
        ['large', LARGE],
        ['small', SMALL],
      ] as const)
        await warm(`${url}/${name}`, size);
    // The very file that the front sends: how a file was written decides how large its pieces in the page cache are.
    const hash = createHash('sha256').update(large).digest('hex');
    rmSync(join(files, 'large'));
    symlinkSync(join(folder, 'fronted/blobs/sha256', hash.slice(0, 2), hash), join(files, 'large'));
    return await barsOf(servers, effort, registry.pid);
  } finally {
    for (const program of programs.reverse()) await program.stop();
  }
}

async function warm(url: string, size: number): Promise<void> {
  for (let time = 0; time < 3; time++) await downloadTime(url, size);
}

/**
 * One download takes twice as long as another for no reason of the server's, so the large file is compared by the mean of the faster half of many,
 * and requests a second by the best round, since all that other work on the machine does is slow them.
 */
async function barsOf(servers: readonly Server[], { rounds, seconds }: Effort, pid: number): Promise<Bar[]> {
  for (const { url } of servers) await warmUp(`${url}/small`, CONNECTIONS);
  const large = await measure(servers, rounds * 60, ({ url }) => downloadTime(`${url}/large`, LARGE));
  const small = await measure(servers.slice(0, 2), rounds, ({ url }) =>
    requestsPerSecond(`${url}/small`, { connections: CONNECTIONS, seconds }),
  );
  const [nginxTime = NaN, ...times] = large.map(fasterHalf);
  const [nginxRate = NaN, rate = NaN] = small.map((rates) => Math.max(...rates));
  const [own = NaN, front = NaN] = times.map((time) => nginxTime / time);
  const bar = { unit: 'x' };
  return [
    { ...bar, what: '100 MB from the cache, speed to nginx', measured: own, atLeast: 0.4 },
    {
      ...bar,
      what: '100 MB from the cache through nginx (X-Accel-Redirect), speed to nginx',
      measured: front,
      atLeast: 0.95,
    },
    {
      ...bar,
      what: `1 KB at ${CONNECTIONS} connections, requests a second to nginx`,
      measured: rate / nginxRate,
      atLeast: 0.25,
    },
    { what: 'peak memory under this load', measured: peakOf(pid) / 2 ** 20, atMost: 200, unit: ' MiB', digits: 0 },
  ];
}

/** One list of results for each server; what they do after an answer falls on another one in each round. */
async function measure(servers: readonly Server[], rounds: number, once: (server: Server) => Promise<number>): Promise<number[][]> {
  const results: number[][] = servers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const server of rotated(round % 2 === 0 ? servers : [...servers].reverse(), round))
      results[servers.indexOf(server)]?.push(await once(server));
  }
  return results;
}
