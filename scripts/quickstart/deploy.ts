import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment, example, stack, work } from './environment';
import type { Processes } from './processes';

/** What the example is told: where the registry is, and the upstreams. */
export interface StackInputs {
  readonly ARTIFACTAPI_ENDPOINT: string;
  readonly GENERIC_UPSTREAM: string;
  readonly NPM_UPSTREAM: string;
  readonly HELM_UPSTREAM_1: string;
  readonly HELM_UPSTREAM_2: string;
}

/** The URLs that the stack puts out. */
export type Outputs = Readonly<Record<'downloads_url' | 'npm_url' | 'charts_url' | 'files_url', string>>;

const state = join(example, `terraform.${stack}.tfstate`);

/** Forgets the last run of the quickstart; a stack that you deployed yourself has another name. */
export function forgetLastRun(): void {
  for (const path of [state, `${state}.backup`, join(example, 'cdktf.out/stacks', stack)]) rmSync(path, { recursive: true, force: true });
}

/** Runs a plain `cdktf deploy` on the example; answers all that it printed. */
export function deploy(
  processes: Processes,
  inputs: StackInputs,
  options: { log: string; onLine: (line: string) => void },
): Promise<string> {
  const env = childEnvironment({ ...inputs, QUICKSTART_STACK: stack });
  const args = ['cdktf', 'deploy', '--auto-approve'];
  const onLine = (line: string): void => {
    const news = newsIn(line);
    if (news) options.onLine(news);
  };
  return processes.run({ command: 'npx', args, cwd: example, env, log: join(work, options.log), onLine });
}

/** The stack's outputs, as Terraform keeps them. */
export function readOutputs(): Outputs {
  const { outputs } = JSON.parse(readFileSync(state, 'utf8')) as { outputs: Record<string, { value: string }> };
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])) as Outputs;
}

const escapeSequence = new RegExp(String.fromCharCode(27) + '\\[[0-9;]*[A-Za-z]', 'g');
const worthShowing = /^(Initializing|- Installed|Plan:|No changes|Apply complete|artifactapi_\S+ .*: Creat)/;

/** What a line says that is worth showing while one waits, without escape sequences and the stack's name. */
function newsIn(line: string): string | undefined {
  const text = line.replace(escapeSequence, '').replace(stack, '').trim();
  return worthShowing.test(text) ? text : undefined;
}
