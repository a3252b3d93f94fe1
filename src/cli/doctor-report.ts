import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { styleText } from 'node:util';
import { ownPackage } from '../../constructs/provider/provider-package';
import { diagnose } from '../doctor';
import type { Finding, Status } from '../doctor/finding';
import { loaders } from '../resources/load';
import type { DoctorOptions } from './doctor';
import { Failure } from './failure';

const SIGNS = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  error: ['error', 'red'],
  skipped: ['skipped', 'gray'],
} as const satisfies Record<Status, readonly [string, string]>;

/** Makes all checks and prints what they find; answers the exit code. */
export async function examineAll(backend: string | undefined, { dir, endpoint, timeout, json }: DoctorOptions): Promise<number> {
  if (backend !== undefined && !Object.hasOwn(loaders, backend))
    throw new Failure(`unknown backend "${backend}"; expected one of ${Object.keys(loaders).join(', ')}`);
  if (endpoint !== undefined && backend === undefined) throw new Failure('--endpoint requires a backend, e.g. repoform doctor bkrepo --endpoint URL');
  const folder = resolve(dir);
  if (!existsSync(folder)) throw new Failure(`the folder ${dir} does not exist; choose another with --dir`);
  const wanted = Object.entries(loaders).filter(([name]) => backend === undefined || name === backend);
  const findings: Finding[] = [];
  const asked = backend !== undefined;
  const providers = wanted.map(([name, load]) => ({ definition: load(), from: ownPackage(name) }));
  for await (const finding of diagnose({ folder, env: process.env, providers, asked, endpoint, timeout: timeout * 1000 })) {
    findings.push(finding);
    if (!json) process.stdout.write(linesOf(finding));
  }
  const count = (status: Status): number => findings.filter((one) => one.status === status).length;
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  else process.stdout.write(`\n${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}\n`);
  return count('error') > 0 ? 1 : 0;
}

function linesOf({ check, status, message, fix }: Finding): string {
  const [word, colour] = SIGNS[status];
  const painted = styleText(colour, word.padEnd(8));
  return `${process.stdout.hasColors?.() ? painted : word.padEnd(8)}${check}: ${message}\n${fix === undefined ? '' : `        ${fix}\n`}`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
