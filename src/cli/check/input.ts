import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { suppressionsIn } from '../../checks/notes';
import type { Position } from '../../checks/output/report';
import { blockOf, positionsBeside, shownPath } from '../../checks/positions';
import { type Read, readStack } from '../../checks/stacks';
import { durationMilliseconds, durationProblem } from '../../common/duration';
import { isJsonObject, listOf, textOf } from '../../schema/define/json';
import type { KnownProviders } from '../../plans/known';
import { type Located, locate, stackFile } from '../../plans/locate';
import { Session } from '../../plans/session';
import type { CheckOptions } from './command';
import { Failure, Misuse } from '../failure';

/** What is checked, and where it comes from. */
export interface CheckInput {
  readonly read: readonly Read[];
  positionOf(place: { readonly stack: string; readonly address: string | undefined }): Position | undefined;
  fileOf(stack: string): string;
}

/** Finds and reads what is to be checked. Throws if that is not possible. */
export async function checkInput(what: string | undefined, options: CheckOptions, known: KnownProviders): Promise<CheckInput> {
  const located = locate({ given: what === undefined ? undefined : stackFolder(what), folder: options.dir }, process.cwd());
  const session = new Session({
    known,
    // An app that runs the rules itself ends with errors that are reported here.
    env: { ...process.env, CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true' },
    coreBinary: options.coreBinary,
    planArguments: ['-lock=false'],
    synthesizes: options.synth,
    timeout: timeoutOf(options.timeout),
    onProgress: (doing, seconds) => void process.stderr.write(`${doing} ... (${seconds} s)\n`),
  });
  return located.kind === 'app' || located.kind === 'stacks' ? ofStacks(located, session, known) : ofPlans(located, session);
}

function timeoutOf(text: string): number {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined) throw new Misuse(`--timeout: ${durationProblem(text) ?? ''}`);
  return milliseconds;
}

/** A stack may be named by its file. */
const stackFolder = (what: string): string => (basename(what) === 'cdk.tf.json' ? dirname(what) : what);

async function ofStacks(
  located: Extract<Located, { kind: 'app' | 'stacks' }>,
  session: Session,
  known: KnownProviders,
): Promise<CheckInput> {
  const folders = await session.stackFolders(located);
  for (const output of new Set(folders.map((folder) => resolve(folder, '../..')))) refuseBroken(output);
  const sources = folders.map((folder) => ({ name: basename(folder), folder, file: stackFile(folder) }));
  const read = sources.map(({ name, file }) => {
    const parsed = readStack({ name, text: readFileSync(file, 'utf8') }, known);
    if ('problem' in parsed) throw new Failure(`${shown(file)} cannot be checked: ${parsed.problem}`);
    return parsed.value;
  });
  return { read, ...placesOf(sources) };
}

async function ofPlans(located: Exclude<Located, { kind: 'app' | 'stacks' }>, session: Session): Promise<CheckInput> {
  const folder = located.kind === 'json' ? dirname(resolve(located.name)) : located.folder;
  const read: Read[] = [];
  for await (const { name, plan } of session.plans(located)) {
    if (plan.errored) process.stderr.write(`the plan of ${name} ended with an error, so only what it has is checked\n`);
    const stack = basename(name);
    const { objects, providers } = plan;
    const text = textAt(join(folder, 'cdk.tf.json'));
    read.push({
      input: { name: stack, objects, providers, isPlanned: true },
      suppressions: text === undefined ? [] : suppressionsIn(text, stack),
    });
  }
  const file = located.kind === 'saved' ? located.path : located.kind === 'json' ? resolve(located.name) : located.folder;
  return { read, ...placesOf(read.map(({ input }) => ({ name: input.name, folder, file }))) };
}

interface Source {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
}

function placesOf(sources: readonly Source[]): Pick<CheckInput, 'positionOf' | 'fileOf'> {
  const cwd = process.cwd();
  const files = new Map(sources.map(({ name, file }) => [name, shownPath(file, cwd)]));
  const positions = new Map(sources.map(({ name, folder }) => [name, positionsBeside(folder, cwd, textAt)]));
  return {
    positionOf: ({ stack, address }) => (address === undefined ? undefined : positions.get(stack)?.get(blockOf(address))),
    fileOf: (stack) => files.get(stack) ?? '.',
  };
}

function manifestOf(file: string): unknown {
  try {
    return JSON.parse(textAt(file) ?? 'null');
  } catch {
    throw new Failure(`${shown(file)} is not JSON, or it was cut off; synthesize the app again`);
  }
}

/** What an app says is wrong with it, other than what rules found: then the stacks are not what was meant. */
function refuseBroken(output: string): void {
  const manifest = manifestOf(join(output, 'manifest.json'));
  const stacks = isJsonObject(manifest) && isJsonObject(manifest.stacks) ? Object.values(manifest.stacks).filter(isJsonObject) : [];
  const errors = stacks
    .flatMap(({ annotations }) => listOf(annotations))
    .filter(({ level, message }) => level === '@cdktf/error' && !/ \[[a-z][a-z0-9-]*\]$/.test(textOf(message) ?? ''))
    .map(({ constructPath, message }) => `  [${textOf(constructPath) ?? ''}] ${textOf(message) ?? ''}\n`);
  if (errors.length > 0)
    throw Object.assign(new Failure('the app cannot be synthesized; correct these errors'), { details: errors.join('') });
}

const textAt = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const shown = (file: string): string => shownPath(file, process.cwd());
