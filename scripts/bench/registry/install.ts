import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bar } from '../bar';
import { rotated } from '../statistics';
import { cleanEnvironment, root } from '../workspace';
import { makePackages, packagesUpstream, project } from './packages';
import { freePort, type Program, programOf, reachable, registryProgram } from './programs';
import { addRepository, startUpstream } from './upstream';

const run = promisify(execFile);
/** The last that runs on Node 20. */
const VERDACCIO = '6.2.1';
const COUNT = 300;

/** A registry that caches what an upstream has; `url` is that of the npm repository. */
interface Contender {
  readonly name: string;
  start(folder: string, upstream: string): Promise<{ readonly url: string; stop(): Promise<void> }>;
}

const ours: Contender = {
  name: 'registry',
  async start(folder, upstream) {
    const program = await registryProgram(join(folder, 'data'));
    const url = await addRepository(program.url, { name: 'npm', package_type: 'npm', base_url: upstream });
    return { url, stop: () => program.stop() };
  },
};
const verdaccio: Contender = { name: 'verdaccio', start: startVerdaccio };

/** `npm ci` of 300 packages through the registry, and through verdaccio. */
export async function measureInstall(folder: string, { rounds }: { readonly rounds: number }): Promise<Bar[]> {
  await installVerdaccio();
  const packages = await makePackages(COUNT);
  const upstream = await startUpstream(packagesUpstream(packages));
  const contenders = [ours, verdaccio];
  const cold: number[][] = contenders.map(() => []);
  const warm: number[][] = contenders.map(() => []);
  let nth = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const contender of rotated(contenders, round)) {
        const place = join(folder, `install-${nth++}`);
        mkdirSync(place);
        const server = await contender.start(place, upstream.url);
        const install = async () => npmCi(place, project(packages, server.url), server.url);
        cold[contenders.indexOf(contender)]?.push(await install());
        warm[contenders.indexOf(contender)]?.push(await install());
        await server.stop();
        rmSync(place, { recursive: true });
      }
    }
  } finally {
    await upstream.stop();
  }
  // The best of each, since all that other work on the machine does is slow them.
  const ratio = ([own = [], other = []]: number[][]) => Math.min(...own) / Math.min(...other);
  return [
    { what: `npm ci of ${COUNT} packages, warm, time to verdaccio`, measured: ratio(warm), atMost: 1.15, unit: 'x' },
    { what: `npm ci of ${COUNT} packages, cold, time to verdaccio`, measured: ratio(cold), atMost: 1.1, unit: 'x' },
  ];
}

/** Milliseconds of `npm ci` without anything of an earlier one. */
async function npmCi(place: string, files: Readonly<Record<string, string>>, registry: string): Promise<number> {
  const home = join(place, 'home');
  mkdirSync(home);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-progress', '--cache', join(home, 'cache'), '--registry', registry];
  const started = performance.now();
  await run('npm', ['ci', ...options], { cwd: home, env: { ...cleanEnvironment(home), npm_config_update_notifier: 'false' } });
  const wall = performance.now() - started;
  if (!existsSync(join(home, `node_modules/bench-${COUNT - 1}/package.json`))) throw new Error('npm ci did not install everything');
  rmSync(home, { recursive: true });
  return wall;
}

const verdaccioHome = join(root, '.repoform/bench', `verdaccio-${VERDACCIO}`);

async function installVerdaccio(): Promise<void> {
  if (existsSync(join(verdaccioHome, 'node_modules/verdaccio'))) return;
  mkdirSync(verdaccioHome, { recursive: true });
  // One of its dependencies asks for a tag instead of a version, which mirrors may not have.
  const manifest = { private: true, dependencies: { verdaccio: VERDACCIO }, overrides: { 'node-fetch': '2.7.0' } };
  writeFileSync(join(verdaccioHome, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: verdaccioHome });
}

async function startVerdaccio(folder: string, upstream: string): Promise<Program> {
  const file = join(folder, 'config.yaml');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(
    file,
    `storage: ${folder}/storage
uplinks: { up: { url: "${upstream}", maxage: 60m } }
packages: { "**": { access: $all, proxy: up } }
log: { type: stdout, format: pretty, level: fatal }
`,
  );
  const child = spawn(process.execPath, [join(verdaccioHome, 'node_modules/verdaccio/bin/verdaccio'), '--config', file, '--listen', url]);
  await reachable(child, 'verdaccio', `${url}/-/ping`);
  return programOf(child, url);
}
