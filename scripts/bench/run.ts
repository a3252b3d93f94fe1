import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from './api';
import { type Contender, install } from './contender';
import type { Counters } from './emulated-api';
import type { Phase } from './phases';
import type { Usage } from './process-sampler';
import { type Stack, writeStack } from './stack';
import { terraform } from './terraform';

/** What a phase took. */
export type Sample = Usage & Counters & { readonly wall: number };

/** One contender in one round. */
export interface Run {
  readonly n: number;
  readonly round: number;
  readonly contender: string;
  readonly samples: Readonly<Record<Phase, Sample>>;
}

/** What stays the same through all rounds. */
export interface Setting {
  readonly api: Api;
  readonly cli: string;
  /** The folder that holds the folders of the runs. */
  readonly folder: string;
  readonly latency: number;
  readonly parallelism: number;
}

/** Takes one contender through all phases on an empty server. */
export async function runOnce(setting: Setting, contender: Contender, { n, round }: { n: number; round: number }): Promise<Run> {
  const { api, cli } = setting;
  const name = `${contender.name}-${n}-${round}`;
  const folder = join(setting.folder, name);
  mkdirSync(folder, { recursive: true });
  install(folder, contender);
  const stack: Stack = { contender, n, url: api.url, stateUrl: `${api.url}/state/${name}` };
  writeStack(folder, stack);
  await terraform({ cli, folder, args: ['init', '-input=false', '-no-color'] });
  await api.tell({ latency: setting.latency, forget: true });
  const measure = async (command: readonly string[], expected?: RegExp): Promise<Sample> => {
    const args = [...command, '-input=false', '-no-color', `-parallelism=${setting.parallelism}`];
    const { output, ...used } = await terraform({ cli, folder, args });
    if (expected && !expected.test(output))
      throw new Error(`${contender.name}: ${command.join(' ')} did not do what it should:\n${output.slice(-2000)}`);
    return { ...used, ...(await api.tell()) };
  };
  // With -detailed-exitcode a plan that finds a change ends with 2, which is a failure here.
  const create = await measure(['apply', '-auto-approve'], new RegExp(`${n} added, 0 changed, 0 destroyed`));
  const plan = await measure(['plan', '-detailed-exitcode']);
  const noRefresh = await measure(['plan', '-detailed-exitcode', '-refresh=false']);
  writeStack(folder, { ...stack, changed: true });
  const changeOne = await measure(['apply', '-auto-approve'], /0 added, 1 changed, 0 destroyed/);
  const destroy = await measure(['destroy', '-auto-approve'], new RegExp(`${n} destroyed`));
  const { objects } = await api.tell();
  if (objects > 0) throw new Error(`${contender.name}: ${objects} objects are left on the server after destroy`);
  return { n, round, contender: contender.name, samples: { create, plan, noRefresh, changeOne, destroy } };
}
