import { App, TerraformStack, Testing } from 'cdktf';
import type { IConstruct } from 'constructs';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  DeployCleanlyOptions,
  ExpectedRepository,
  MatcherEngine,
  MatcherResult,
  PassChecksOptions,
  SynthesizedStack,
} from '../../src/matchers/engine';

/** What jest and vitest have for matchers. */
interface MatcherContext {
  equals(a: unknown, b: unknown): boolean;
  readonly utils: { stringify(value: unknown): string };
}

/**
 * The matchers, for test runners whose `expect` is not global.
 *
 * @example
 * import { expect } from 'vitest';
 * import { registryMatchers } from 'repoform/testing';
 * expect.extend(registryMatchers);
 */
export const registryMatchers = {
  toHaveRepository(this: MatcherContext, received: unknown, expected: ExpectedRepository): MatcherResult {
    const text = typeof received === 'string' ? received : Testing.synth(stackOf(received, 'toHaveRepository'));
    const { equals, utils } = this;
    return engine().toHaveRepository(text, expected, { equals: (a, b) => equals(a, b), print: (value) => utils.stringify(value) });
  },

  toPassChecks(received: unknown, options: PassChecksOptions = {}): MatcherResult {
    if (typeof received === 'string') return engine().toPassChecks([{ name: 'stack', text: received }], undefined, options);
    const stack = App.isApp(received) ? undefined : stackOf(received, 'toPassChecks');
    // Rules look at the whole app.
    const synthesized = new Synthesized(prepared(stack?.node.root ?? (received as App)));
    try {
      const texts = synthesized.stacks.map(({ name, folder }) => ({ name, text: readFileSync(join(folder, 'cdk.tf.json'), 'utf8') }));
      return engine().toPassChecks(texts, stack && synthesized.nameOf(stack), options);
    } finally {
      synthesized.remove();
    }
  },

  async toDeployCleanly(received: unknown, options: DeployCleanlyOptions = {}): Promise<MatcherResult> {
    const stack = App.isApp(received) ? undefined : stackOf(received, 'toDeployCleanly');
    const all = prepared(stack?.node.root ?? (received as App));
    const synthesized = new Synthesized(inOrder(stack ? [stack] : all));
    try {
      return await engine().toDeployCleanly(synthesized.stacks, synthesized.folder, options);
    } finally {
      synthesized.remove();
    }
  },
};

/** Stacks that are synthesized as by an app, providers included, in a temporary folder. */
class Synthesized {
  readonly folder = mkdtempSync(join(tmpdir(), 'repoform-test-'));
  readonly stacks: readonly SynthesizedStack[];
  private readonly names = new Map<TerraformStack, string>();

  constructor(stacks: readonly TerraformStack[]) {
    try {
      this.stacks = stacks.map((stack) => this.synthesize(stack));
    } catch (thrown) {
      this.remove();
      throw thrown;
    }
  }

  nameOf(stack: TerraformStack): string | undefined {
    return this.names.get(stack);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private synthesize(stack: TerraformStack): SynthesizedStack {
    // The core makes a folder of its own for each.
    const output = Testing.fullSynth(stack);
    try {
      const [name = ''] = readdirSync(join(output, 'stacks'));
      const folder = join(this.folder, 'stacks', name);
      cpSync(join(output, 'stacks', name), folder, { recursive: true });
      this.names.set(stack, name);
      return { name, folder };
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  }
}

function stackOf(received: unknown, matcher: string): TerraformStack {
  if (TerraformStack.isStack(received)) return received;
  const what = received === null ? 'null' : typeof received === 'object' ? (received.constructor?.name ?? 'object') : typeof received;
  throw new Error(`${matcher} needs a TerraformStack of "cdktf", received ${what}`);
}

/** The stacks of an app, ready to be synthesized: those that refer to others know that they depend on them. */
function prepared(app: IConstruct): readonly TerraformStack[] {
  const stacks = app.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) stack.prepareStack();
  return stacks;
}

/** The stacks and those that they depend on, which come first. */
function inOrder(stacks: readonly TerraformStack[], before: readonly TerraformStack[] = []): readonly TerraformStack[] {
  return stacks.reduce((done, stack) => (done.includes(stack) ? done : [...inOrder(stack.dependencies, done), stack]), before);
}

/** Loaded when it is needed; the build has it in one file beside the library. */
const engine = (): MatcherEngine => require('../../src/check-engine') as MatcherEngine;
