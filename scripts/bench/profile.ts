import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { schemasOf } from '../../src/handler/schemas';
import { encodeProviderSchema } from '../../src/protocol/rpc/schemas';
import { providers } from '../../src/resources';
import { Api } from './api';
import { install, ours } from './contender';
import type { Estate } from './estate';
import { byModule, type CpuProfile, modulesOf, selfTimes } from './cpu-profile';
import { estateOf, providerOf, whole } from './options';
import { writeStack } from './stack';
import { table } from './table';
import { terraform } from './terraform';
import { root, start, withFolder } from './workspace';

/** Prints where the provider's processor time goes in a refresh plan. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = {
    n: { ...text, default: '1000' },
    provider: { ...text, default: 'artifactapi' },
    projects: { ...text, default: '20' },
    cli: { ...text, default: 'terraform' },
    top: { ...text, default: '25' },
  };
  const { values } = parseArgs({ options });
  await withFolder(async (folder) => {
    const estate = estateOf({ provider: providerOf(values.provider), projects: whole('projects', values.projects, 1) });
    const bundle = await readableBundle(folder, estate);
    const profile = await profileOfPlan(folder, { bundle, estate, n: whole('n', values.n, 1), cli: values.cli });
    const times = selfTimes(profile, modulesOf(readFileSync(bundle, 'utf8')));
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const share = (part: number): string[] => [part.toFixed(0), `${((100 * part) / total).toFixed(1)} %`];
    const rooms = [...byModule(times, roomOf)].filter(([, part]) => part >= 1).map(([room, part]) => [room, ...share(part)]);
    const functions = times.slice(0, Number(values.top)).map(({ name, module, milliseconds }) => [name, module, ...share(milliseconds)]);
    process.stdout.write(`${table([['where', 'ms', 'share'], ...rooms, ['all', ...share(total)]])}\n\n`);
    process.stdout.write(`${table([['function', 'module', 'ms', 'share'], ...functions])}\n`);
  });
}

/** The provider as it is shipped, but not minified, so that functions and modules have their names. */
async function readableBundle(folder: string, { provider: type }: Estate): Promise<string> {
  const outfile = join(folder, `terraform-provider-${type}`);
  const provider = providers.find(({ name }) => name === type);
  if (!provider) throw new Error(`there is no provider "${type}"`);
  const encoded = Buffer.from(encodeProviderSchema(schemasOf(provider))).toString('base64');
  await build({
    entryPoints: [join(root, 'src/provider.ts')],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    plugins: [
      {
        name: 'served',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^repoform:served$/ }, ({ path }) => ({ path, namespace: 'served' }));
          onLoad({ filter: /.*/, namespace: 'served' }, () => ({
            contents: `export const schema = () => ${JSON.stringify(encoded)};\nexport const definition = () => require('./src/resources/${type}').${type};`,
            resolveDir: root,
          }));
        },
      },
    ],
  });
  return outfile;
}

interface Profiled {
  readonly bundle: string;
  readonly estate: Estate;
  readonly n: number;
  readonly cli: string;
}

async function profileOfPlan(folder: string, { bundle, estate, n, cli }: Profiled): Promise<CpuProfile> {
  const api = await Api.start(folder);
  const work = join(folder, 'work');
  const profiles = join(folder, 'profiles');
  mkdirSync(work);
  mkdirSync(profiles);
  const wrapper = join(folder, 'wrapper');
  const node = `'${process.execPath}' --cpu-prof --cpu-prof-interval=500 --cpu-prof-dir="$PROFILES"`;
  writeFileSync(wrapper, `#!/bin/sh\n[ -z "$PROFILES" ] && exec '${process.execPath}' '${bundle}'\nexec ${node} '${bundle}'\n`);
  chmodSync(wrapper, 0o755);
  try {
    const contender = ours(estate, wrapper);
    install(work, contender);
    writeStack(work, { contender, n, url: api.url, stateUrl: `${api.url}/state/profile` });
    await terraform({ cli, folder: work, args: ['init', '-input=false'] });
    await terraform({ cli, folder: work, args: ['apply', '-auto-approve', '-input=false'] });
    await terraform({ cli, folder: work, args: ['plan', '-detailed-exitcode'], env: { PROFILES: profiles } });
  } finally {
    await api.stop();
  }
  // The process that planned has by far the largest profile; the others only validated or answered the schema.
  const [largest] = readdirSync(profiles).sort((a, b) => statSync(join(profiles, b)).size - statSync(join(profiles, a)).size);
  if (!largest) throw new Error('the provider wrote no profile');
  return JSON.parse(readFileSync(join(profiles, largest), 'utf8')) as CpuProfile;
}

const roomOf = (module: string): string => {
  const [, room] = /^(src\/\w+|node_modules\/(?:@[\w-]+\/)?[\w-]+)/.exec(module) ?? [];
  return room ?? (module.startsWith('node:') ? 'JavaScript of Node' : module);
};

start(main);
