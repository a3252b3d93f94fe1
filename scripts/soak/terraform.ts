import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PASSWORD } from '../../src/registry/kubesphere';
import { root } from '../bench/workspace';
import { type Workspace } from './client';
import { WrongResult } from './ledger';
import { type Setup } from './setup';

/** A resource of a configuration. */
export interface Resource {
  readonly type: string;
  readonly label: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const BACKENDS = ['artifactapi', 'bkrepo', 'kubesphere'] as const;

/** The BlueKing administrator that an embedded registry starts with. */
export const ADMIN = { user: 'admin', password: 'password' };

/** Terraform with the provider as it is built, in a folder that keeps the state. */
export class Stack {
  constructor(
    private readonly work: Workspace,
    private readonly setup: Setup,
  ) {
    const overrides = BACKENDS.map((each) => `"repoform/${each}" = "${join(root, 'dist/provider')}"`).join('\n');
    writeFileSync(work.path('rc'), `provider_installation {\n dev_overrides {\n${overrides}\n}\n direct {}\n}\n`);
  }

  /** Makes the servers what a configuration says; a plan then has to be empty. */
  async deploy(resources: readonly Resource[]): Promise<void> {
    this.#write(resources);
    await this.#run('apply', '-auto-approve');
    await this.expectEmptyPlan();
  }

  async expectEmptyPlan(): Promise<void> {
    const failure = await this.#run('plan', '-detailed-exitcode').then(
      () => undefined,
      (cause: Error & { code?: unknown }) => cause,
    );
    if (failure?.code === 2) throw new WrongResult(`the plan after a deploy is not empty:\n${failure.message}`);
    if (failure) throw failure;
  }

  async destroy(): Promise<void> {
    await this.#run('destroy', '-auto-approve');
  }

  #write(resources: readonly Resource[]): void {
    const resource: Record<string, Record<string, unknown>> = {};
    for (const { type, label, config } of resources) (resource[type] ??= {})[label] = config;
    const { artifactapi, bkrepo, kubesphere } = this.setup.urls;
    const username = ADMIN.user;
    const provider = {
      artifactapi: { endpoint: artifactapi },
      bkrepo: { endpoint: bkrepo, username, password: ADMIN.password },
      ...(kubesphere && { kubesphere: { endpoint: kubesphere, username, password: DEFAULT_PASSWORD } }),
    };
    const required_providers = Object.fromEntries(Object.keys(provider).map((each) => [each, { source: `repoform/${each}` }]));
    writeFileSync(this.work.path('main.tf.json'), JSON.stringify({ terraform: { required_providers }, provider, resource }));
  }

  async #run(...args: string[]): Promise<string> {
    const env = { TF_CLI_CONFIG_FILE: this.work.path('rc'), TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
    return inTurn(() => this.work.run('terraform', [...args, '-no-color', '-input=false'], env)).catch((cause: Error) => {
      // Before it, there are warnings that the provider is a development build, and the whole plan.
      const [error = cause.message] = /^(?:Error|Terraform will perform)[^]*/m.exec(cause.message) ?? [];
      cause.message = `terraform ${args[0]}: ${error.replace(/^ +1: .*$/gm, '').slice(0, 2000)}`;
      throw cause;
    });
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One Terraform at a time leaves the machine to the registry. */
function inTurn<T>(step: () => Promise<T>): Promise<T> {
  const mine = last.then(step, step);
  last = mine.catch(() => undefined);
  return mine;
}
