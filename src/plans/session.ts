import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Ended, findCore, runToEnd, type Running } from './core';
import type { KnownProviders } from './known';
import { isStackFolder, type Located, stackFile, stacksIn } from './locate';
import { type Parsed, parsePlan } from './parse-plan';
import { parseStack } from './parse-stack';
import type { Plan, Stack } from './plan';
import { PlanError } from './plan-error';

/** With what plans are made and read. */
export interface SessionOptions {
  readonly known: KnownProviders;
  readonly env: NodeJS.ProcessEnv;
  /** The Terraform or OpenTofu to use. @default see `findCore` */
  readonly coreBinary?: string | undefined;
  /** Further arguments for `plan`, e.g. `-refresh-only`. */
  readonly planArguments: readonly string[];
  /** The name of a file in the folder of each stack in which its plan is kept, to be applied. @default plans are not kept */
  readonly savesAs?: string | undefined;
  /** Whether an app is run. If not, what it last synthesized is used. */
  readonly synthesizes: boolean;
  /** Milliseconds that a command may take. */
  readonly timeout: number;
  readonly onProgress?: Running['onProgress'];
  /** Told the warnings that a plan comes with, as the core words them. */
  onWarnings?(text: string): void;
}

/** A plan of something that has a name: a stack, a folder, a file. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: Plan;
}

type AppLocated = Extract<Located, { kind: 'app' }>;

/** Reads plans, and makes those that are not there yet. Every method throws a `PlanError` if it cannot. */
export class Session {
  /** The outputs that were synthesized: an app with several stacks that are named is run once. */
  private readonly synthesized = new Set<string>();

  constructor(private readonly options: SessionOptions) {}

  /** The plans of what was located, one after another: several only for an app or an output folder with several stacks. */
  async *plans(located: Located): AsyncGenerator<NamedPlan> {
    if (located.kind === 'json')
      return yield {
        name: located.name === '-' ? 'standard input' : located.name,
        plan: this.parsed(parsePlan(located.text, this.options.known), located.name),
      };
    if (located.kind === 'saved') return yield { name: nameOfSaved(located.path), plan: await this.show(located) };
    const folders = located.kind === 'configuration' ? [located.folder] : await this.stackFolders(located);
    for (const folder of folders) yield { name: basename(folder), plan: await this.plan(folder) };
  }

  /** The stacks of an app or of an output folder, without a plan. */
  async stacks(located: Extract<Located, { kind: 'app' | 'stacks' }>): Promise<Stack[]> {
    const folders = await this.stackFolders(located);
    return folders.map((folder) => {
      const file = stackFile(folder);
      return this.parsed(parseStack(readFileSync(file, 'utf8'), basename(folder), this.options.known), file);
    });
  }

  private parsed<T>(parsed: Parsed<T>, name: string): T {
    if ('value' in parsed) return parsed.value;
    throw new PlanError(`${name === '-' ? 'the standard input' : name} cannot be read as a plan: ${parsed.problem}`);
  }

  /** Runs the app, if that is wanted; the folders of its stacks. */
  async stackFolders(located: Extract<Located, { kind: 'app' | 'stacks' }>): Promise<readonly string[]> {
    if (located.kind === 'stacks') {
      if (located.folders.length > 0) return located.folders;
      throw new PlanError('the output folder has no synthesized stacks; synthesize the app again');
    }
    const { folder: cwd, app, output, stack } = located;
    if (this.options.synthesizes && !this.synthesized.has(output)) {
      const env = { ...this.options.env, CDKTF_OUTDIR: output, SYNTH_HCL_OUTPUT: 'false', ...contextOf(located, this.options.env) };
      const { status, stdout, stderr } = await this.run(app, [], { cwd, env, doing: `synthesizing (${app})` });
      if (status !== 0) throw new PlanError(`the app cannot be synthesized: "${app}" exited with ${status}`, stdout + stderr);
      this.synthesized.add(output);
    }
    const folders = stacksIn(output);
    if (folders.length === 0)
      throw new PlanError(
        `${output} has no synthesized stacks; ${this.options.synthesizes ? `"${app}" wrote none` : 'run without --no-synth'}`,
      );
    if (stack === undefined) return folders;
    const names = folders.map((one) => basename(one));
    if (names.includes(stack)) return folders.filter((one) => basename(one) === stack);
    throw new PlanError(`the app has no stack "${stack}"; it has ${names.join(', ')}`);
  }

  /** Plans in a folder, after `init` if that is necessary. */
  private async plan(folder: string): Promise<Plan> {
    const { savesAs } = this.options;
    const temporary = savesAs === undefined ? mkdtempSync(join(tmpdir(), 'repoform-plan-')) : undefined;
    const path = temporary === undefined ? join(folder, savesAs ?? '') : join(temporary, 'plan');
    const name = basename(folder);
    try {
      // What an earlier run left there is not to be applied when this one fails.
      rmSync(path, { force: true });
      const attempt = (): Promise<Ended> =>
        this.core(folder, ['plan', '-input=false', ...this.options.planArguments, `-out=${path}`], `planning ${name}`);
      let ended = existsSync(join(folder, '.terraform')) ? await attempt() : undefined;
      if (!ended || (!isPlanned(ended) && needsInit(ended))) {
        const init = await this.core(folder, ['init', '-input=false'], `initializing ${name}`);
        if (init.status !== 0) throw new PlanError(`"${this.binary} init" failed in ${folder}`, init.stdout + init.stderr);
        ended = await attempt();
      }
      if (!isPlanned(ended))
        throw new PlanError(`"${this.binary} plan" failed in ${folder}${lockAdvice(ended)}`, warningsIn(ended.stdout) + ended.stderr);
      const warnings = warningsIn(ended.stdout);
      if (warnings !== '') this.options.onWarnings?.(warnings);
      return await this.show({ path, folder });
    } finally {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    }
  }

  /** Reads a saved plan, with the core and the providers that made it. */
  private async show({ path, folder }: { readonly path: string; readonly folder: string }): Promise<Plan> {
    const { status, stdout, stderr } = await this.core(folder, ['show', '-json', path], 'reading the plan');
    if (status === 0) return this.parsed(parsePlan(stdout, this.options.known), path);
    throw new PlanError(`"${this.binary} show" cannot read the plan ${path}${adviceFor(stderr)}`, stderr);
  }

  private get binary(): string {
    return findCore(this.options.coreBinary, this.options.env);
  }

  private core(cwd: string, args: readonly string[], doing: string): Promise<Ended> {
    return this.run(this.binary, args, { cwd, doing, env: { ...this.options.env, TF_IN_AUTOMATION: '1' } });
  }

  private run(command: string, args: readonly string[], where: Pick<Running, 'cwd' | 'env' | 'doing'>): Promise<Ended> {
    const { timeout, onProgress } = this.options;
    return runToEnd(command, args, { ...where, timeout, ...(onProgress && { onProgress }) });
  }
}

/** What the CDK's own command tells an app besides: the context of its settings, and where its modules are, so that they are copied. */
function contextOf(
  { context, modules }: Pick<AppLocated, 'context' | 'modules'>,
  { CDKTF_CONTEXT_JSON: given }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const all = { ...context, ...(modules.length > 0 && { cdktfRelativeModules: modules }) };
  if (Object.keys(all).length === 0) return {};
  return { CDKTF_CONTEXT_JSON: JSON.stringify({ ...(given === undefined ? {} : (JSON.parse(given) as object)), ...all }) };
}

/** The framed parts of what a core prints. */
const warningsIn = (stdout: string): string => (stdout.match(/^╷\n(?:│.*\n)+╵$/gm) ?? []).map((frame) => `${frame}\n`).join('');

/** With `-detailed-exitcode`, which the environment may add (`TF_CLI_ARGS_plan`), 2 says that there are changes. */
const isPlanned = ({ status }: Ended): boolean => status === 0 || status === 2;

/** Whether a core asks for `init`: Terraform and OpenTofu name the command in each of the cases in which it helps. */
const needsInit = ({ stderr }: Ended): boolean => /\b(?:terraform|tofu)\s+init\b/.test(stderr.replace(/[\s│]+/g, ' '));

/** A plan that was saved in the folder of a synthesized stack is called as the stack. */
const nameOfSaved = (path: string): string => basename(isStackFolder(dirname(path)) ? dirname(path) : path);

const lockAdvice = ({ stderr }: Ended): string =>
  /Error acquiring the state lock/.test(stderr)
    ? ': another run holds the lock of the state; wait for it to end, or let this one wait with -- -lock-timeout=10m'
    : '';

function adviceFor(stderr: string): string {
  const said = stderr.replace(/[\s│]+/g, ' ');
  if (/created by .*plan files cannot be transferred/.test(said)) return '; name the core that made it with --core-binary';
  return needsInit({ status: 1, stdout: '', stderr }) || /unavailable provider|plugin schemas/.test(said)
    ? '; name the folder in which it was made with --dir: the providers that it needs are there'
    : '';
}
