import { parseArgs } from 'node:util';
import { TerraformStack, Testing } from 'cdktf';
import { ArtifactapiProvider, LocalNpm, RemoteNpm, Virtual } from '../../lib/cdktf/artifactapi';
import { registryMatchers } from '../../lib/cdktf/testing';
import { median, medianRatio } from './statistics';
import { table, times } from './table';
import { machine } from './workspace';

const context = { equals: (a: unknown, b: unknown) => a === b, utils: { stringify: String } };

/** A test of three repositories, by what it uses. */
const tests = {
  'cdktf: toHaveResource': (stack) => Testing.toHaveResource(Testing.synth(stack), 'artifactapi_remote_npm'),
  toHaveRepository: (stack) => registryMatchers.toHaveRepository.call(context, stack, { name: 'npm' }).pass,
  toPassChecks: (stack) => registryMatchers.toPassChecks(stack).pass,
  toDeployCleanly: async (stack) => (await registryMatchers.toDeployCleanly(stack)).pass,
} satisfies Readonly<Record<string, (stack: TerraformStack) => boolean | Promise<boolean>>>;
type Name = keyof typeof tests;

function stackOfThree(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'packages');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: 'https://artifacts.example.com' });
  const own = new LocalNpm(stack, 'own', { name: 'own' });
  const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'] });
  new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [own.name, npm.name] });
  return stack;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const names = Object.keys(tests) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  // The first round, in which modules are loaded, is not counted.
  for (let round = 0; round <= Number(values.rounds); round += 1)
    for (const name of names) {
      const start = performance.now();
      if (!(await tests[name](stackOfThree()))) throw new Error(`${name} fails`);
      if (round > 0) samples[name].push(performance.now() - start);
    }
  const rows = names.map((name) => [
    name,
    median(samples[name]).toFixed(1),
    times(medianRatio(samples[name], samples['cdktf: toHaveResource'])),
  ]);
  process.stdout.write(`${machine()}; ${values.rounds} rounds, medians\n\n${table([['test with', 'ms', 'to cdktf'], ...rows])}\n`);
}

void main();
