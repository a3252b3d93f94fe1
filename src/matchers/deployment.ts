import { join } from 'node:path';
import { describe } from '../diff/describe';
import { textOf } from '../diff/text';
import { findCore, runToEnd } from '../plans/core';
import { KnownProviders } from '../plans/known';
import { PlanError } from '../plans/plan-error';
import { Session } from '../plans/session';
import type { ProviderDefinition } from '../schema/define';
import type { DeployCleanlyOptions, MatcherResult, ServedBackend, SynthesizedStack } from './engine';
import { startServers } from './servers';
import { TrialStack } from './trial-stack';

/** With what stacks are deployed. */
export interface Deploying {
  readonly providers: readonly ProviderDefinition[];
  /** A folder for all that is written. */
  readonly folder: string;
  /** The path of the `repoform` command. */
  readonly command: string;
  readonly options: DeployCleanlyOptions;
}

/** Deploys stacks to an embedded registry, plans them again, and destroys them. It fails if a step does, or if the second plan has changes. */
export async function deploysCleanly(stacks: readonly SynthesizedStack[], deploying: Deploying): Promise<MatcherResult> {
  const { options, folder, command, providers } = deploying;
  const trials = stacks.map((stack) => new TrialStack(stack, providers));
  const used = new Set(trials.flatMap((trial) => trial.providers.map(({ name }) => name)));
  const all: readonly ServedBackend[] = ['artifactapi', 'bkrepo', 'kubesphere'];
  const backends = options.backends ?? all.filter((name) => used.has(name));
  if (backends.length === 0) throw new Error('toDeployCleanly needs a stack with a provider that the embedded registry serves');
  const core = findCore(options.coreBinary, process.env);
  const servers = await startServers(backends, {
    command,
    data: join(folder, 'registry'),
    registryArguments: options.registryArguments ?? [],
  });
  try {
    for (const trial of trials) {
      for (const { backend, attributes } of servers.connections) trial.connect(backend, attributes);
      trial.isolate(trials);
      trial.write();
    }
    return await new Trial(trials, core, deploying).run();
  } catch (thrown) {
    if (!(thrown instanceof PlanError) && !(thrown instanceof FailedStep)) throw thrown;
    const { message, details } = thrown;
    return { pass: false, message: () => `expected the stack to deploy cleanly, but ${message}\n\n${details}` };
  } finally {
    await servers.stop();
  }
}

/** A command of the core that ended with an error, and all that it said. */
class FailedStep extends Error {
  constructor(
    message: string,
    readonly details: string,
  ) {
    super(message);
  }
}

class Trial {
  private readonly env: NodeJS.ProcessEnv;
  private readonly timeout: number;

  constructor(
    private readonly stacks: readonly TrialStack[],
    private readonly core: string,
    private readonly deploying: Deploying,
  ) {
    this.env = environmentFor(deploying);
    this.timeout = deploying.options.timeout ?? 120_000;
  }

  async run(): Promise<MatcherResult> {
    for (const stack of this.stacks) {
      await this.command(stack, ['init', '-input=false', '-no-color']);
      await this.command(stack, ['apply', '-input=false', '-no-color', '-auto-approve']);
    }
    const changes = await this.changes();
    // What is deployed later may use what was deployed before it.
    for (const stack of [...this.stacks].reverse()) await this.command(stack, ['destroy', '-input=false', '-no-color', '-auto-approve']);
    if (changes === '') return { pass: true, message: () => 'expected the stack not to deploy cleanly, but it did' };
    return { pass: false, message: () => `expected the second plan to be empty, but it has changes\n\n${changes}` };
  }

  /** What a second plan would change, in words. */
  private async changes(): Promise<string> {
    const { env, timeout, core: coreBinary } = this;
    const known = new KnownProviders(this.deploying.providers);
    const session = new Session({ known, env, coreBinary, planArguments: [], synthesizes: false, timeout });
    const reports: Parameters<typeof textOf>[0][number][] = [];
    for (const { folder, name } of this.stacks)
      for await (const { plan } of session.plans({ kind: 'configuration', folder })) {
        const description = describe(plan);
        if (description.changes) reports.push({ name, description });
      }
    return reports.length === 0 ? '' : textOf(reports, (_, text) => text);
  }

  private async command({ name, folder: cwd }: TrialStack, args: readonly string[]): Promise<void> {
    const what = `"${this.core} ${args[0]}" of the stack "${name}"`;
    const { status, stdout, stderr } = await runToEnd(this.core, args, { cwd, env: this.env, timeout: this.timeout, doing: what });
    if (status !== 0) throw new FailedStep(`${what} failed`, stderr === '' ? stdout : stderr);
  }
}

/** The environment without what would have the core or a provider use another state or another server. */
function environmentFor({ providers, options }: Deploying): NodeJS.ProcessEnv {
  const own = providers.map(({ name }) => `${name.toUpperCase()}_`);
  const isForeign = (name: string): boolean =>
    own.some((prefix) => name.startsWith(prefix)) || /^TF_(?:WORKSPACE|DATA_DIR|CLI_ARGS.*)$/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  const variables = Object.entries(options.variables ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]);
  const direct = ['NO_PROXY', 'no_proxy'].map((name) => [name, [process.env[name], '127.0.0.1'].filter(Boolean).join(',')]);
  return { ...Object.fromEntries([...kept, ...direct, ...variables]), CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' } as NodeJS.ProcessEnv;
}
