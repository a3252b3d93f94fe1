import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, work } from './environment';
import type { NpmUpstream } from './npm-upstream';
import type { Processes } from './processes';
import { Recorder, type Seen } from './recorder';

/** What the two installs went through. */
export interface NpmResult {
  readonly first: readonly Seen[];
  readonly second: readonly Seen[];
}

/** Installs a package through the remote twice with the real npm, each time as a machine that has never seen it. */
export async function installTwice(processes: Processes, registry: string, upstream: NpmUpstream): Promise<NpmResult> {
  const { recorder, url: proxy } = await Recorder.start();
  const install = async (folder: string): Promise<Seen[]> => {
    await installInto(processes, { folder: join(work, folder), registry, proxy, upstream });
    return recorder.take();
  };
  const first = await install('npm-1');
  expectSource(first, 'remote');
  const second = await install('npm-2');
  expectSource(second, 'cache');
  return { first, second };
}

interface Install {
  readonly folder: string;
  readonly registry: string;
  readonly proxy: string;
  readonly upstream: NpmUpstream;
}

async function installInto(processes: Processes, { folder, registry, proxy, upstream }: Install): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const settings = { registry: `${registry}/`, proxy, cache: join(folder, 'cache'), prefix: folder, userconfig: join(folder, 'npmrc') };
  const flags = Object.entries({ ...settings, globalconfig: join(folder, 'npmrc-global') }).map(([name, value]) => `--${name}=${value}`);
  const switches = ['--noproxy=', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts'];
  const env = childEnvironment();
  for (const name of Object.keys(env)) if (/^(https?|no|all)_proxy$/i.test(name)) delete env[name];
  const args = ['install', `${upstream.packageName}@${upstream.version}`, ...flags, ...switches];
  await processes.run({ command: 'npm', args, cwd: folder, env, log: `${folder}.log` });
  const file = join(folder, 'node_modules', upstream.packageName, 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  if (version !== upstream.version) throw new Error(`npm installed ${version} instead of ${upstream.version}`);
}

/** npm asks for the metadata and for the tarball; both must come from there. */
function expectSource(seen: readonly Seen[], source: string): void {
  if (seen.length < 2) throw new Error(`npm asked the registry ${seen.length} times; it should ask for the metadata and for the tarball`);
  const wrong = seen.find((answer) => answer.status !== 200 || answer.source !== source);
  if (wrong) throw new Error(`${wrong.path} was answered ${wrong.status} from ${wrong.source}; it should come from ${source}`);
}
