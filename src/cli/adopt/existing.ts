import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Existing } from '../../adopt/adopt';
import type { SynthesizedStack } from '../../adopt/managed';
import { useOf } from '../../adopt/typescript/added';
import { version } from '../../common/version';
import { runToEnd } from '../../plans/core';
import { Failure } from '../failure';

/** An app that is there already, and the core that it is for. */
export interface ExistingApp extends Existing {
  readonly core: 'cdktf' | 'cdktn';
}

/**
 * The app in a folder, synthesized to see what it manages; nothing if the folder is empty. What is no TypeScript app of a CDK, or one of
 * another version of repoform, is an error.
 */
export async function existingApp(folder: string, shown: string): Promise<ExistingApp | undefined> {
  const files = existsSync(folder) ? filesIn(folder, shown) : [];
  if (files.length === 0) return undefined;
  const settings = jsonAt(join(folder, 'cdktf.json')) as Settings | undefined;
  if (settings === undefined && files.some((name) => name.endsWith('.tf')))
    throw new Failure(
      `${shown} has Terraform configuration in HCL, to which nothing can be added; write to another folder with --out, and leave out what is managed with --type, --include or --exclude`,
    );
  if (typeof settings?.app !== 'string')
    throw new Failure(
      `${shown} is not empty and has no cdktf.json with an app, and files in it are never overwritten; choose another folder with --out`,
    );
  if ((settings.language ?? 'typescript') !== 'typescript')
    throw new Failure(
      `the app in ${shown} is in ${String(settings.language)}, and only TypeScript can be added; choose another folder with --out`,
    );
  checkVersion(folder, shown);
  checkUnused(folder, shown);
  const { dependencies = {} } = (jsonAt(join(folder, 'package.json')) ?? {}) as { readonly dependencies?: object };
  const output = mkdtempSync(join(tmpdir(), 'repoform-adopt-'));
  try {
    await synthesize(settings, { cwd: folder, output });
    return {
      stacks: stacksIn(join(output, 'stacks')),
      files,
      hasSecret: hasSecret(folder),
      core: 'cdktn' in dependencies ? 'cdktn' : 'cdktf',
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

const hasSecret = (folder: string): boolean =>
  existsSync(join(folder, 'secrets.ts')) && /^export (?:const|function) secret\b/m.test(readFileSync(join(folder, 'secrets.ts'), 'utf8'));

interface Settings {
  readonly app?: unknown;
  readonly language?: unknown;
  readonly context?: unknown;
}

function filesIn(folder: string, shown: string): string[] {
  if (!statSync(folder).isDirectory()) throw new Failure(`${shown} is a file; choose a folder with --out`);
  return readdirSync(folder);
}

/** What an earlier run added has to be in the app, or it would be written a second time. */
function checkUnused(folder: string, shown: string): void {
  const sources = sourcesIn(folder);
  for (const [path, text] of sources) {
    const [, className = '', number = ''] = /^export class (Added(\d*)) extends Construct \{$/m.exec(text) ?? [];
    if (path !== `added${number}.ts` || className === '') continue;
    if (sources.some(([other, used]) => other !== path && new RegExp(`\\bnew ${className}\\(`).test(used))) continue;
    const { imported, made } = useOf(className);
    throw new Failure(
      `${shown}/${path}, which an earlier run wrote, is not used by the app; add "${imported.join(' ')}" to main.ts and "${made.join(' ')}" to the constructor of the stack, or delete the file; then run repoform adopt again`,
    );
  }
}

/** The TypeScript of an app, by path. */
const sourcesIn = (folder: string, within = ''): readonly (readonly [string, string])[] =>
  readdirSync(join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const path = join(within, entry.name);
    if (entry.isDirectory()) return ignored.test(entry.name) ? [] : sourcesIn(folder, path);
    return entry.isFile() && entry.name.endsWith('.ts') ? [[path, readFileSync(join(folder, path), 'utf8')] as const] : [];
  });

/** Folders without sources of the app. */
const ignored = /^(?:\.|node_modules$|cdktf\.out$)/;

/** Code of one version beside that of another may not compile, or may mean something else. */
function checkVersion(folder: string, shown: string): void {
  const file = createRequire(join(folder, 'package.json'))
    .resolve.paths('repoform')
    ?.map((path) => join(path, 'repoform/package.json'));
  const installed = (jsonAt(file?.find((path) => existsSync(path)) ?? '') as { readonly version?: string } | undefined)?.version;
  if (installed === undefined || line(installed) === line(version)) return;
  throw new Failure(
    `the app in ${shown} uses repoform ${installed}, and this is ${version}; run the one of the app (npx repoform adopt in ${shown}), or "npm install repoform@${version}" there first`,
  );
}

/** The versions of one line fit each other: `1.x`, and `0.1.x` before the first. */
const line = (text: string): string => /^(?:0\.\d+|[1-9]\d*)/.exec(text)?.[0] ?? text;

const stacksIn = (folder: string): readonly SynthesizedStack[] =>
  (existsSync(folder) ? readdirSync(folder) : []).map((name) => {
    const stack = jsonAt(join(folder, name, 'cdk.tf.json'));
    if (stack === undefined)
      throw new Failure(`the app wrote no cdk.tf.json for its stack ${name}; do not set hclOutput or an output folder`);
    return stack as SynthesizedStack;
  });

function jsonAt(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    throw new Failure(`${path} is not valid JSON; correct it`);
  }
}

/** Runs the app as the CDK would. */
async function synthesize({ app, context = {} }: Settings, { cwd, output }: { cwd: string; output: string }): Promise<void> {
  const command = String(app);
  process.stderr.write(`running the app to see what it manages: ${command}\n`);
  const env = { ...process.env, CDKTF_OUTDIR: output, CDKTF_CONTEXT_JSON: JSON.stringify(context), SYNTH_HCL_OUTPUT: 'false' };
  const { status, stderr } = await runToEnd(command, [], { cwd, env, doing: `synthesizing (${command})`, timeout: unlimited });
  if (status === 0) return;
  const failure = new Failure(`the app cannot be synthesized ("${command}" exited with ${status}); fix it, then run repoform adopt again`);
  throw Object.assign(failure, { details: stderr.slice(-4000) });
}

/** The most milliseconds that a timer takes. */
const unlimited = 2 ** 31 - 1;
