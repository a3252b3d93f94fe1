import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../acceptance/support/command';
import { type Contexts, filled, holds, type Standing } from './github-expressions';
import type { World } from './world';

/** A workflow, as far as it is read here. */
export interface Workflow {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A step: a script, or an action. */
export interface Step {
  readonly id?: string;
  readonly if?: unknown;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** What happened, and what GitHub knows. */
export interface Event {
  readonly world: World;
  readonly workflow: Workflow;
  readonly github: Contexts;
  /** The secrets of each environment. Other jobs have none. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Jobs that are taken for successful if they are to run: another run of the same has shown it. */
  readonly assumed: readonly string[];
}

/** How a job ended. */
export interface JobRun {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Artifacts, reports: what a run leaves behind, by the name of the action and its first input. */
export interface WorkflowRun {
  readonly jobs: Readonly<Record<string, JobRun>>;
  readonly artifacts: string;
  readonly sarif: readonly string[];
}

/** The same for an action. */
interface Acting {
  readonly event: Event;
  readonly folder: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly artifacts: string;
  readonly sarif: string[];
}

/** What stands for the actions that are used, by the inputs that each takes. */
const actions: Readonly<Record<string, { readonly inputs: readonly string[]; act(acting: Acting): void }>> = {
  'actions/checkout@v5': {
    inputs: ['persist-credentials'],
    act: ({ event, folder }) => cpSync(event.world.repository, folder, { recursive: true }),
  },
  'actions/setup-node@v5': {
    inputs: ['node-version', 'cache'],
    act({ folder, inputs }) {
      if (inputs['cache'] === 'npm' && !existsSync(join(folder, 'package-lock.json'))) throw new Error('no lock file to cache by');
    },
  },
  'hashicorp/setup-terraform@v3': {
    inputs: ['terraform_version', 'terraform_wrapper'],
    act({ inputs }) {
      // The wrapper writes more than Terraform does to the standard output.
      if (inputs['terraform_wrapper'] !== 'false') throw new Error('the wrapper is not wanted');
    },
  },
  'github/codeql-action/upload-sarif@v4': {
    inputs: ['sarif_file'],
    act: ({ folder, inputs, sarif }) => void sarif.push(readFileSync(join(folder, inputs['sarif_file'] ?? ''), 'utf8')),
  },
  'actions/upload-artifact@v6': {
    inputs: ['name', 'path', 'if-no-files-found', 'retention-days'],
    act: ({ folder, inputs, artifacts }) => upload(join(folder, inputs['path'] ?? ''), join(artifacts, inputs['name'] ?? '')),
  },
  'actions/download-artifact@v7': {
    inputs: ['name'],
    act: ({ folder, inputs, artifacts }) => cpSync(join(artifacts, inputs['name'] ?? ''), folder, { recursive: true }),
  },
};

/** An artifact has neither hidden files nor permissions. */
function upload(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const name = from.split('/').at(-1) ?? '';
  if (name.startsWith('.')) return;
  if (statSync(from).isDirectory()) for (const entry of readdirSync(from)) upload(join(from, entry), join(to, name));
  else {
    cpSync(from, join(to, name));
    chmodSync(join(to, name), 0o644);
  }
}

export const readWorkflow = (file: string): Workflow => parse(readFileSync(file, 'utf8')) as Workflow;

/** The actions of a workflow that this table does not have, with inputs that it does not know. */
export const unmapped = ({ jobs }: Workflow): string[] =>
  Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ uses, with: inputs = {} }) => {
      if (uses === undefined) return [];
      const action = actions[uses];
      return action ? Object.keys(inputs).flatMap((name) => (action.inputs.includes(name) ? [] : [`${uses}: ${name}`])) : [uses];
    }),
  );

/** Runs a workflow: its jobs in order, each in a folder of its own. */
export async function runWorkflow(event: Event): Promise<WorkflowRun> {
  const [jobs, sarif]: [Record<string, JobRun>, string[]] = [{}, []];
  const artifacts = event.world.place('artifacts');
  const names = Object.keys(event.workflow.jobs);
  while (names.length > 0) {
    const next = names.findIndex((name) => needsOf(event.workflow.jobs[name] as Job).every((needed) => needed in jobs));
    if (next === -1) throw new Error(`jobs that wait for each other: ${names.join(', ')}`);
    const [name = ''] = names.splice(next, 1);
    jobs[name] = await runJob({ event, name, jobs, artifacts, sarif });
  }
  return { jobs, artifacts, sarif };
}

const needsOf = ({ needs = [] }: Job): readonly string[] => [needs].flat();

interface Running {
  readonly event: Event;
  readonly name: string;
  readonly jobs: Readonly<Record<string, JobRun>>;
  readonly artifacts: string;
  readonly sarif: string[];
}

async function runJob({ event, name, jobs, artifacts, sarif }: Running): Promise<JobRun> {
  const job = event.workflow.jobs[name] as Job;
  const needs = Object.fromEntries(needsOf(job).map((needed) => [needed, jobs[needed]]));
  const isSuccess = Object.values(needs).every((needed) => needed?.result === 'success');
  const base = { github: event.github, needs, vars: {}, secrets: event.secrets[job.environment ?? ''] ?? {} };
  const skipped: JobRun = { result: 'skipped', log: '', summary: '', outputs: {} };
  if (!holds(job.if, base, { isSuccess })) return skipped;
  if (event.assumed.includes(name)) return { ...skipped, result: 'success' };
  const folder = event.world.place(name);
  const files = event.world.place(`${name}-files`);
  const [steps, logs]: [Record<string, object>, string[]] = [{}, []];
  let standing: Standing = { isSuccess: true, folder };
  for (const [index, step] of job.steps.entries()) {
    const contexts = { ...base, steps };
    if (!holds(step.if, contexts, standing)) continue;
    try {
      const output = join(files, `${index}-output`);
      writeFileSync(output, '');
      if (step.uses === undefined) logs.push(await runScript(step, { event, contexts, standing, folder, files, output }));
      else act(step, { event, contexts, standing, folder, artifacts, sarif });
      if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(output) };
    } catch (thrown) {
      logs.push(String(thrown));
      standing = { ...standing, isSuccess: false };
    }
  }
  const summary = join(files, 'summary');
  return {
    result: standing.isSuccess ? 'success' : 'failure',
    log: logs.join('\n'),
    summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
    outputs: Object.fromEntries(
      Object.entries(job.outputs ?? {}).map(([output, value]) => [output, filled(value, { ...base, steps }, standing)]),
    ),
  };
}

interface At {
  readonly event: Event;
  readonly contexts: Contexts;
  readonly standing: Standing;
  readonly folder: string;
}

function act({ uses = '', with: inputs = {} }: Step, at: At & Pick<Running, 'artifacts' | 'sarif'>): void {
  const action = actions[uses];
  if (!action) throw new Error(`the action ${uses} is not mapped`);
  const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, filled(value, at.contexts, at.standing)]));
  action.act({ ...at, inputs: given });
}

/** Runs a script as a runner does that is not told which shell to use. */
async function runScript(step: Step, at: At & { readonly files: string; readonly output: string }): Promise<string> {
  const { event, contexts, standing, folder, files, output } = at;
  const script = `${output}.sh`;
  writeFileSync(script, filled(step.run, contexts, standing));
  const given = Object.entries({ ...event.workflow.env, ...step.env }).map(([name, value]) => [name, filled(value, contexts, standing)]);
  const env = {
    ...event.world.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: String(event.github['repository']),
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: join(files, 'summary'),
    ...(Object.fromEntries(given) as Record<string, string>),
  };
  const { status, text } = await run('bash', ['-e', script], { cwd: folder, env });
  if (status !== 0) throw new Error(`${text}\nProcess completed with exit code ${status}.`);
  return text;
}

const outputsIn = (file: string): object =>
  Object.fromEntries([...readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
