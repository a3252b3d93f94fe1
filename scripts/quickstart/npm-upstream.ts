import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, root, work } from './environment';
import { serveFiles, type ServedFile } from './file-server';
import type { Processes } from './processes';

/** Where the npm remote fetches from, and what is fetched. */
export interface NpmUpstream {
  readonly url: string;
  readonly packageName: string;
  readonly version: string;
  /** What to tell the user of it. */
  readonly note: string;
}

const wanted = 'ms';
const patience = 4000;
const own = { name: 'repoform-hello', version: '1.0.0', description: 'Says hello.', license: 'MIT', main: 'index.js' };

/** The registry that npm is configured for, where it answers; else a small one of our own. */
export async function chooseNpmUpstream(processes: Processes): Promise<NpmUpstream> {
  // With the environment as it is: npm's own settings may come from there.
  const line = { command: 'npm', args: ['config', 'get', 'registry'], cwd: root, env: process.env, log: join(work, 'npm-config.log') };
  const url = /^https?:\/\/\S+$/m.exec(await processes.run(line))?.[0];
  const found = url === undefined ? 'npm names no registry' : await probe(url);
  if (typeof found !== 'string') return found;
  return serveOwn(processes, `${found}, so the quickstart serves a small one with the package ${own.name}`);
}

async function probe(url: string): Promise<NpmUpstream | string> {
  if (new URL(url).username) return 'the registry that npm is configured for needs a password';
  try {
    const base = url.endsWith('/') ? url : `${url}/`;
    const headers = { accept: 'application/vnd.npm.install-v1+json' };
    const response = await fetch(base + wanted, { headers, signal: AbortSignal.timeout(patience) });
    if (!response.ok) return `the registry that npm is configured for answers ${response.status}`;
    const found = (await response.json()) as Partial<Metadata>;
    const version = found['dist-tags']?.latest;
    const tarball = version === undefined ? undefined : found.versions?.[version]?.dist.tarball;
    if (version === undefined || !tarball?.startsWith(base)) return 'the registry that npm is configured for keeps its packages elsewhere';
    return { url, packageName: wanted, version, note: 'the registry that "npm config get registry" names' };
  } catch {
    return 'the registry that npm is configured for does not answer';
  }
}

interface Metadata {
  readonly 'dist-tags': { readonly latest?: string };
  readonly versions: Readonly<Record<string, { readonly dist: { readonly tarball: string } }>>;
}

async function serveOwn(processes: Processes, note: string): Promise<NpmUpstream> {
  const folder = join(work, 'npm-package');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own, undefined, 2));
  writeFileSync(join(folder, 'index.js'), "module.exports = () => 'hello';\n");
  await processes.run({ command: 'npm', args: ['pack'], cwd: folder, env: childEnvironment(), log: join(work, 'npm-pack.log') });
  const tarball = readFileSync(join(folder, `${own.name}-${own.version}.tgz`));
  const url = await serveFiles((base) => registryFiles(base, tarball));
  return { url, packageName: own.name, version: own.version, note };
}

function registryFiles(url: string, tarball: Buffer): Record<string, ServedFile> {
  const path = `/${own.name}/-/${own.name}-${own.version}.tgz`;
  const dist = {
    tarball: url + path,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  };
  const metadata = { name: own.name, 'dist-tags': { latest: own.version }, versions: { [own.version]: { ...own, dist } } };
  return {
    [`/${own.name}`]: { type: 'application/json', body: JSON.stringify(metadata) },
    [path]: { type: 'application/octet-stream', body: tarball },
  };
}
