import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ValueRecord } from '../../src/common/value';
import { providers } from '../../src/resources';
import { expectStatus } from '../acceptance/support/command';
import type { CoreBinary } from '../acceptance/support/core-binary';
import { onCores } from '../acceptance/support/on-cores';
import { updatesOf } from '../acceptance/support/plan';
import { layProvider, requirementOf, Workspace } from '../acceptance/support/workspace';
import { registryTarget } from '../support/contract-targets';
import { resourceBlock } from '../support/hcl';
import { Subject } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { validConfigs } from '../../src/testing/valid-configs';

/** Configurations in one stack, and how many stacks: terraform starts seldom, so many share a run. */
const size = 10;
const stacks = process.env['LONG'] ? 10 : 1;
const minutes = 60_000;

/** One random configuration of a type. */
interface Sample {
  readonly subject: Subject;
  readonly config: ValueRecord;
}

for (const provider of providers)
  onCores(
    {
      name: `${size * stacks} random configurations of ${provider.name} are applied and imported by terraform with an empty plan after each, and destroyed`,
      needs: ['import blocks', 'write-only attributes'],
    },
    (title, core) =>
      test(
        title,
        async () => {
          const target = await registryTarget(provider, false);
          const folder = mkdtempSync(join(tmpdir(), 'repoform-random-'));
          layProvider(folder, provider.name);
          try {
            await explore(target, { folder, core });
          } finally {
            await target.stop();
            rmSync(folder, { recursive: true, force: true });
          }
        },
        20 * minutes,
      ),
  );

/** Tries random stacks; the smallest one that fails is shown as HCL. */
async function explore(target: Target, at: { readonly folder: string; readonly core: CoreBinary }): Promise<void> {
  const workspace = new Workspace(at.folder, { url: target.server.endpoint }, at.core);
  // What is named only by what it refers to can be once in a stack; the suite over the protocol has it.
  const subjects = target.provider.resources.map((definition) => new Subject(definition, target)).filter((subject) => subject.hasOwnName());
  const samples = await Promise.all(subjects.map(samplesOf));
  // Hardly ever left out, except to make a failing stack smaller.
  const stack = fc.tuple(...Array.from({ length: size }, () => fc.option(fc.oneof(...samples), { nil: undefined, freq: 100_000 })));
  let run = 0;
  const checked = fc.asyncProperty(stack, async (given) => {
    run += 1;
    await new Stack(
      given.filter((sample) => sample !== undefined),
      { workspace, target, run },
    ).check();
  });
  const { failed, errorInstance, counterexample, seed, counterexamplePath, numShrinks } = await fc.check(checked, {
    numRuns: stacks,
    interruptAfterTimeLimit: 15 * minutes,
  });
  if (!failed) return;
  const smallest = new Stack(
    (counterexample?.[0] ?? []).filter((sample) => sample !== undefined),
    { workspace, target, run: 0 },
  );
  throw new Error(
    `after ${numShrinks} steps to make it smaller (seed ${seed}, path "${counterexamplePath}"), this fails:\n\n${smallest.hcl}\n${String(errorInstance)}`,
  );
}

async function samplesOf(subject: Subject): Promise<fc.Arbitrary<Sample>> {
  return validConfigs(subject, await subject.example('full')).map((config) => ({ subject, config }));
}

interface Surroundings {
  readonly workspace: Workspace;
  readonly target: Target;
  /** Makes names that no other run had. */
  readonly run: number;
}

/** Some configurations in one stack. */
class Stack {
  private readonly members: readonly (Sample & { readonly name: string })[];

  constructor(
    samples: readonly Sample[],
    private readonly given: Surroundings,
  ) {
    this.members = samples.map(({ subject, config }, index) => ({
      subject,
      config: subject.renamed(config, `-${given.run}-${index}`),
      name: `r${index}`,
    }));
  }

  get hcl(): string {
    return this.members.map(({ subject, name, config }) => resourceBlock(subject.type, name, config)).join('');
  }

  async check(): Promise<void> {
    const { workspace } = this.given;
    workspace.dropState();
    await workspace.apply(this.whole());
    await workspace.expectEmptyPlan();
    workspace.dropState();
    const blocks = this.members.map(
      ({ subject, name, config }) => `import {\n  to = ${subject.type}.${name}\n  id = ${JSON.stringify(subject.id(config))}\n}\n`,
    );
    const { resource_changes: changes } = await workspace.planJson(this.whole() + blocks.join(''));
    expect(this.unexpected(updatesOf(changes))).toEqual({});
    const imported = expectStatus(await workspace.terraform(['apply', '-input=false', 'plan.bin']), 0);
    expect(imported.text).toContain(`Resources: ${this.members.length} imported, 0 added, `);
    await workspace.expectEmptyPlan();
    const destroyed = await workspace.destroy();
    expect(destroyed.text).toContain(`Resources: ${this.members.length} destroyed.`);
  }

  /** What an import may bring is the one update of what the server does not tell. */
  private unexpected(updates: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
    const wrong = this.members.map(({ subject, name }) => {
      const address = `${subject.type}.${name}`;
      return [address, (updates[address] ?? []).filter((attribute) => !subject.untold().includes(attribute))] as const;
    });
    return Object.fromEntries(wrong.filter(([, names]) => names.length > 0));
  }

  private settings(): string {
    const { server, login } = this.given.target;
    return Object.entries({ endpoint: server.endpoint, ...login })
      .map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`)
      .join('');
  }

  private whole(): string {
    const { name } = this.given.target.provider;
    return `${requirementOf(name)}provider "${name}" {\n${this.settings()}}\n${this.hcl}`;
  }
}
