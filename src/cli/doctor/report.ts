import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { diagnose, type Examination } from '../../doctor';
import type { Finding, Status } from '../../doctor/finding';
import { loaders } from '../../resources/load';
import { adoptedProvider } from '../adopt/provider';
import type { DoctorOptions } from './command';
import { Failure, printable } from '../failure';
import { packagesFrom } from '../provider/packages';

const SIGNS = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  error: ['error', 'red'],
  skipped: ['skipped', 'gray'],
} as const satisfies Record<Status, readonly [string, string]>;

/** Makes all checks and prints what they find; answers the exit code. */
export async function examineAll(backends: readonly string[], { dir, endpoint, timeout, json }: DoctorOptions): Promise<number> {
  if (endpoint !== undefined && backends.length !== 1)
    throw new Failure('--endpoint requires exactly one backend, e.g. repoform doctor bkrepo --endpoint URL');
  const folder = resolve(dir);
  if (!existsSync(folder)) throw new Failure(`the folder ${dir} does not exist; choose another with --dir`);
  const findings: Finding[] = [];
  const asked = backends.length > 0;
  const subject = {
    ...(await providersOf(backends)),
    folder,
    env: process.env,
    asked,
    ...(endpoint !== undefined && { endpoint }),
    timeout: timeout * 1000,
  };
  for await (const finding of diagnose(subject)) {
    findings.push(finding);
    if (!json) process.stdout.write(linesOf(finding));
  }
  const count = (status: Status): number => findings.filter((one) => one.status === status).length;
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  else process.stdout.write(`\n${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}\n`);
  return count('error') > 0 ? 1 : 0;
}

/** All providers of this package, or those that the user names. */
async function providersOf(backends: readonly string[]): Promise<Pick<Examination, 'definitions' | 'packages'>> {
  if (backends.length === 0) return { definitions: Object.values(loaders).map((load) => load()), packages: packagesFrom(undefined) };
  const named = await Promise.all([...new Set(backends)].map(providerOf));
  return { definitions: named.flatMap((one) => one.definitions), packages: named.flatMap((one) => one.packages) };
}

async function providerOf(backend: string): Promise<Pick<Examination, 'definitions' | 'packages'>> {
  const { definition, folder } = await adoptedProvider(backend);
  if (folder === undefined) return { definitions: [definition], packages: packagesFrom(undefined).filter(({ name }) => name === backend) };
  return { definitions: [definition], packages: existsSync(join(folder, 'dist/provider.json')) ? packagesFrom(folder) : [] };
}

function linesOf({ check, status, message, fix }: Finding): string {
  const [word, colour] = SIGNS[status];
  const painted = styleText(colour, word.padEnd(8));
  return `${process.stdout.hasColors?.() ? painted : word.padEnd(8)}${check}: ${printable(message)}\n${fix === undefined ? '' : `        ${printable(fix)}\n`}`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
