import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Existing } from '../adopt/adopt';
import type { SynthesizedStack } from '../adopt/managed';
import { Failure } from './failure';

/** An app that is there already, and the core that it is for. */
export interface ExistingApp extends Existing {
  readonly core: 'cdktf' | 'cdktn';
}

/** The app in a folder, synthesized to see what it manages; nothing if the folder is empty. What is no app of a CDK is an error. */
export async function existingApp(folder: string, shown: string): Promise<ExistingApp | undefined> {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) return undefined;
  const settings = jsonAt(join(folder, 'cdktf.json')) as { readonly app?: unknown } | undefined;
  if (typeof settings?.app !== 'string')
    throw new Failure(
      `${shown} is not empty and has no cdktf.json with an app, and files in it are never overwritten; choose another folder with --out`,
    );
  const { dependencies = {} } = (jsonAt(join(folder, 'package.json')) ?? {}) as { readonly dependencies?: object };
  const output = mkdtempSync(join(tmpdir(), 'repoform-adopt-'));
  try {
    await synthesize(settings.app, folder, output);
    const stacks = readdirSync(join(output, 'stacks')).map(
      (name) => jsonAt(join(output, 'stacks', name, 'cdk.tf.json')) as SynthesizedStack,
    );
    return { stacks, files, core: 'cdktn' in dependencies ? 'cdktn' : 'cdktf' };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function jsonAt(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    throw new Failure(`${path} is not valid JSON; correct it`);
  }
}

/** Runs the app as the CDK would. */
function synthesize(app: string, cwd: string, output: string): Promise<void> {
  process.stderr.write(`running the app to see what it manages: ${app}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(app, { cwd, shell: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, CDKTF_OUTDIR: output } });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const failure = new Failure(
        `the app cannot be synthesized ("${app}" exited with ${String(code)}); fix it, then run repoform adopt again`,
      );
      reject(Object.assign(failure, { details: said }));
    });
  });
}
