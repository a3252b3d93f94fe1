import fc from 'fast-check';
import { isRecord, type Value, type ValueRecord } from '../../src/common/value';
import type { Attributes } from '../../src/schema/define/attribute';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { type Field, isServers, type Shape } from '../../src/schema/define/shape';
import type { Core, Instance, Told } from '../../src/testing/core';
import { fieldsOfResource } from '../../src/testing/examples';
import { startServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { anyAttributes, configWith, filled, type Maker, MadeUpServer, membersOf, providerWith } from '../support/made-up';
import { configured } from '../../src/testing/target';

/** What holds for every definition, whatever its attributes are: tried on definitions that nobody wrote. */
const runs = process.env['LONG'] ? 1000 : 60;
const type = 'made_thing';

interface Case {
  readonly provider: ProviderDefinition;
  readonly fields: readonly Field[];
  readonly config: ValueRecord;
}

const cases: fc.Arbitrary<Case> = anyAttributes.chain((attributes: Attributes) => {
  const provider = providerWith(attributes);
  const fields = fieldsOfResource(provider.resources[0] as ProviderDefinition['resources'][number]);
  return configWith(fields).map((config) => ({
    provider,
    fields,
    config,
    [fc.toStringMethod]: () => `${described(fields)} ${JSON.stringify(config)}`,
  }));
});

const described = (fields: readonly Field[]): string =>
  fields.map(({ name, shape, facts }) => `${name}: ${shape.kind} ${JSON.stringify(facts)} (${described(membersOf(shape))})`).join(', ');

let invented = 0;
/** A server that sets what only it can set, to something new with each write, and what it is left to set. */
const inventing: Maker = (fields, body) =>
  filled(fields, body, (field, now) => {
    if (!field.computed || field.default !== undefined || (now ?? null) !== null) return undefined;
    if (field.shape.kind !== 'string') return field.shape.kind === 'number' ? 7 : true;
    return `${isServers(field) ? 'invented' : 'chosen'}-${(invented += 1)}`;
  });

/** A server that keeps something else than it is told. */
const wilful: Maker = (fields, body) =>
  filled(fields, inventing(fields, body), (field, now) =>
    typeof now === 'string' && field.name !== 'name' && field.name !== 'label' ? `${now} as the server has it` : undefined,
  );

interface Trial {
  readonly core: () => Promise<Core>;
  readonly bodies: MadeUpServer['bodies'];
}

async function withServer({ provider, fields }: Case, make: Maker, work: (trial: Trial) => Promise<void>): Promise<void> {
  const made = new MadeUpServer(fields, make);
  const server = await startServer(made.answer);
  try {
    await work({ core: () => configured(provider, { endpoint: server.endpoint, max_retries: 0 }), bodies: made.bodies });
  } finally {
    await server.stop();
  }
}

const everyCase = (make: Maker, law: (one: Case, trial: Trial) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(cases, (one) => withServer(one, make, (trial) => law(one, trial))),
    { numRuns: runs },
  );

/** The write-only values of a configuration, with the places in the API where they belong. */
function placesIn(
  fields: readonly Field[],
  values: ValueRecord,
  path: readonly (string | number)[] = [],
): { path: readonly (string | number)[]; value: Value }[] {
  return fields.flatMap((field) => {
    const value = values[field.name] ?? null;
    const at = [...path, ...(field.api ?? [])];
    if (value === null) return [];
    return field.facts.writeOnly ? [{ path: at, value }] : within(field.shape, value, at);
  });
}

function within(shape: Shape, value: Value, path: readonly (string | number)[]): ReturnType<typeof placesIn> {
  if (shape.kind === 'object') return isRecord(value) ? placesIn(shape.fields, value, path) : [];
  if (!('element' in shape) || value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    within(shape.element, item as Value, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const at = (json: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], json);

const textOf = (told: readonly Told[], instance: Instance | undefined): string =>
  JSON.stringify([told, instance?.state]) + Buffer.from(instance?.private ?? []).toString();

describe('for any definition', () => {
  it('a write-only value is sent once, to its place, and is in no state and no message', async () => {
    let tried = 0;
    await everyCase(inventing, async ({ fields, config }, { core, bodies }) => {
      const one = await core();
      const plan = await one.plan(type, config);
      const { instance, diagnostics } = await one.apply(plan);
      const told = [...plan.diagnostics, ...diagnostics];
      const [body] = bodies;
      for (const { path, value } of placesIn(fields, config)) {
        tried += 1;
        expect([path, at(body, path)]).toEqual([path, value]);
        expect(JSON.stringify(body).split(String(value))).toHaveLength(2);
      }
      expect(textOf(told, instance)).not.toContain('hidden-');
    });
    expect(tried).toBeGreaterThan(10);
  });

  it('what only the server sets is never sent back, and its changes are neither warnings nor drift', async () => {
    await everyCase(inventing, async ({ config }, { core, bodies }) => {
      const made = done(await (await core()).ensure(type, config));
      const one = await core();
      const plan = await one.plan(type, { ...config, note: 'second' }, made);
      expect(plan.action).toBe('update');
      const after = await one.apply(plan);
      expect([...plan.diagnostics, ...after.diagnostics]).toEqual([]);
      expect(JSON.stringify(bodies)).not.toContain('invented-');
      const { instance, diagnostics } = await (await core()).refresh(done(after));
      expect(diagnostics).toEqual([]);
      expect((await (await core()).plan(type, { ...config, note: 'second' }, instance)).changes).toEqual([]);
    });
  });

  it('the plan after an apply is empty', async () => {
    await everyCase(inventing, async ({ config }, { core }) => {
      const made = await (await core()).ensure(type, config);
      expect(made.diagnostics).toEqual([]);
      const { instance, drift } = await (await core()).refresh(done(made));
      expect(drift).toEqual([]);
      const plan = await (await core()).plan(type, config, instance);
      expect([plan.action, plan.diagnostics]).toEqual(['none', []]);
    });
  });

  it('no message shows a sensitive value, also where the server keeps another', async () => {
    let told = 0;
    await everyCase(wilful, async ({ config }, { core }) => {
      const one = await core();
      const made = await one.ensure(type, config);
      const after = await one.ensure(type, { ...config, note: 'second' }, done(made));
      const messages = [...made.diagnostics, ...after.diagnostics];
      told += messages.length;
      expect(JSON.stringify(messages)).not.toMatch(/hidden-|sensitive-/);
      expect(messages.filter(({ summary }) => summary !== 'Value Not Applied')).toEqual([]);
    });
    expect(told).toBeGreaterThan(10);
  });
});
