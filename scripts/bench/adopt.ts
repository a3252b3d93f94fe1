import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PASSWORD } from '../../src/registry/kubesphere';
import { providers } from '../../src/resources';
import { registryTarget } from '../../test/support/contract-targets';
import { layRandomly } from '../../test/support/random-estate';
import { type Bar, barRows } from './bar';
import { ProcessSampler } from './process-sampler';
import { table } from './table';
import { cleanEnvironment, machine, root, start, withFolder } from './workspace';

const usage = `npm run bench:adopt -- [--objects 10000] [--only artifactapi,bkrepo,kubesphere] [--format typescript|hcl]
Lays random objects on the embedded registry, 300 and then as many as said, and adopts them with the command as it is shipped.
`;

const few = 300;
/** What the command logs in with; ArtifactAPI takes everybody. */
const logins: Readonly<Record<string, readonly [string, string]>> = {
  bkrepo: ['admin', 'password'],
  kubesphere: ['admin', DEFAULT_PASSWORD],
};

interface Measured {
  readonly objects: number;
  readonly peak: number;
  readonly calls: number;
  readonly singly: string;
  readonly seconds: number;
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { objects: { ...text, default: '10000' }, format: { ...text, default: 'typescript' }, only: text, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(usage);
  const wanted = providers.filter(({ name }) => values.only?.split(',').includes(name) ?? true);
  const bars: Bar[] = [];
  for (const provider of wanted) {
    const [small, large] = [await measure(provider, few, values.format), await measure(provider, Number(values.objects), values.format)];
    const of = `${provider.name}: `;
    bars.push({
      what: `${of}peak memory of ${large.objects} objects to that of ${small.objects}`,
      measured: large.peak / small.peak,
      atMost: 2,
      unit: 'x',
    });
    bars.push({ what: `${of}peak memory at ${large.objects}`, measured: large.peak / 2 ** 20, unit: ' MiB', digits: 0 });
    bars.push({ what: `${of}calls for ${small.objects} objects`, measured: small.calls, unit: '', digits: 0 });
    bars.push({ what: `${of}calls for ${large.objects}${large.singly}`, measured: large.calls, unit: '', digits: 0 });
    bars.push({ what: `${of}time for ${large.objects}`, measured: large.seconds, unit: ' s', digits: 1 });
  }
  process.stdout.write(`${machine()}\n\n${table(barRows(bars))}\n`);
}

async function measure(provider: (typeof providers)[number], count: number, format: string): Promise<Measured> {
  const target = await registryTarget(provider, false);
  try {
    const made = await layRandomly(target, count);
    process.stderr.write(`${provider.name}: ${made.length} objects were made\n`);
    target.server.calls();
    return await withFolder(async (folder) => {
      const before = performance.now();
      const { peak, said } = await adopt({ provider: provider.name, endpoint: target.server.endpoint, folder, format });
      const [, singly = ''] = /^Read one by one.*: (.*)$/m.exec(said) ?? [];
      const objects = Number(/Wrote (\d+) objects/.exec(said)?.[1] ?? 0);
      if (objects < made.length) throw new Error(`${made.length} objects were made, and ${objects} adopted:\n${said}`);
      const calls = target.server.calls().length;
      return { objects, peak, calls, singly: singly && ` (one by one: ${singly})`, seconds: (performance.now() - before) / 1000 };
    });
  } finally {
    await target.stop();
  }
}

interface Run {
  readonly provider: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly format: string;
}

/** Runs the command; what it had at the most, and what it wrote. */
function adopt({ provider, endpoint, folder, format }: Run): Promise<{ peak: number; said: string }> {
  const [username = '', password = ''] = logins[provider] ?? [];
  const prefix = provider.toUpperCase();
  const login = username === '' ? {} : { [`${prefix}_USERNAME`]: username, [`${prefix}_PASSWORD`]: password };
  const child = spawn(
    process.execPath,
    [join(root, 'dist/repoform.js'), 'adopt', provider, '--endpoint', endpoint, '--out', join(folder, 'out'), '--format', format],
    { env: { ...cleanEnvironment(folder), ...login }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const sampler = new ProcessSampler(child.pid ?? 0);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const { treePeak } = sampler.stop();
      if (code === 0) resolve({ peak: treePeak, said });
      else reject(new Error(`repoform adopt ended with ${String(code)}:\n${said}`));
    });
  });
}

start(main);
