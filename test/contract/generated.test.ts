import fc from 'fast-check';
import type { Value, ValueRecord } from '../../src/common/value';
import { isRecord } from '../../src/common/value';
import { providers } from '../../src/resources';
import type { ResourceDefinition } from '../../src/schema/resource';
import { configsOf } from '../support/arbitraries';
import { registryTarget } from '../support/contract-targets';
import { outsideValues } from '../support/hints';
import { done, errors, freshPlan, Subject } from '../support/lifecycle';
import type { Target } from '../support/target';

/** Configurations in all; each type gets its share. */
const total = process.env['LONG'] ? 10_000 : 500;

describe.each(providers.map((provider) => [provider.name, provider] as const))('any valid configuration of %s', (_, provider) => {
  const share = Math.ceil(total / provider.resources.length);
  let target: Target;
  let count = 0;
  beforeAll(async () => void (target = await registryTarget(provider, false)));
  afterAll(() => target.stop());

  it.each(provider.resources.map((definition) => [definition.type, definition] as const))(
    'of %s is applied, read and imported with an empty plan after each, with lists and without',
    async (type, definition) => {
      const subject = new Subject(definition, target);
      const example = await subject.example('full');
      await fc.assert(
        fc.asyncProperty(valid(subject, example), async (config) => {
          count += 1;
          await check(subject, subject.renamed({ ...config, ...keyOf(definition, subject, example) }, `-${count}`));
        }),
        { numRuns: share, endOnFailure: false },
      );
    },
    process.env['LONG'] ? 600_000 : 60_000,
  );

  async function check(subject: Subject, config: ValueRecord): Promise<void> {
    const { type } = subject;
    const core = await target.core();
    const made = done(await core.ensure(type, config));
    // One provider reads each object by itself, the other has read before and answers from a list.
    const [single, listed] = [await target.core(), await target.core()];
    await listed.refresh(made);
    const [one, other] = [await freshPlan(single, config, made), await freshPlan(listed, config, made)];
    expect(one).toMatchObject({ action: 'none', changes: [], drift: [], told: [] });
    expect({ ...other, private: null }).toEqual({ ...one, private: null });
    const imported = done(await single.import(type, subject.id(config)));
    const next = await freshPlan(single, config, imported);
    expect([next.drift, next.changes.filter((name) => !subject.untold().includes(name)), next.action === 'replace']).toEqual([
      [],
      [],
      false,
    ]);
    const updated = done(await single.apply(next));
    expect(await freshPlan(single, config, updated)).toMatchObject({ action: 'none', changes: [], drift: [] });
    const gone = await single.apply(await single.plan(type, null, updated));
    expect([errors(gone.diagnostics), gone.instance]).toEqual([[], undefined]);
  }
});

/** Configurations that validation accepts; what refers to other objects is as in the example, or empty. */
function valid(subject: Subject, example: ValueRecord): fc.Arbitrary<ValueRecord> {
  const referring = subject.referring().map((name): [string, fc.Arbitrary<Value>] => {
    const given = example[name] ?? null;
    return [name, Array.isArray(given) ? fc.constantFrom<Value>(given as Value, []) : fc.constant(given)];
  });
  const kinds =
    subject.referring().length > 0
      ? subject.fields
          .filter(({ shape }) => shape.kind === 'string' && shape.oneOf)
          .map(({ name }): [string, fc.Arbitrary<Value>] => [name, fc.constant(example[name] ?? null)])
      : [];
  const outside = subject.fields.flatMap(({ name }): [string, fc.Arbitrary<Value>][] => {
    const values = outsideValues(subject.type, name);
    return values ? [[name, fc.constantFrom(...values)]] : [];
  });
  const checks = subject.definition.checks ?? [];
  return configsOf(subject.fields, Object.fromEntries([...referring, ...kinds, ...outside])).filter((config) =>
    checks.every((rule) => rule(config).every(({ severity }) => severity !== 'error')),
  );
}

/** The key of the example, which `renamed` makes unique. */
const keyOf = (definition: ResourceDefinition, subject: Subject, example: ValueRecord): ValueRecord =>
  isRecord(example) ? Object.fromEntries(subject.keyNames().map((name) => [name, example[name] ?? definition.type])) : {};
