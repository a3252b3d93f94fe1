import { snakeCase } from '../../common/names';
import { isRecord, type Value, type ValueRecord } from '../../common/value';
import { pack } from '../../protocol/msgpack';
import type { ResourceDefinition } from '../../schema/define/definition';
import {
  caseOf,
  isIncluded,
  namedIn,
  type Need,
  type Needs,
  type Permission,
  permissionOf,
  type Place,
  placeOf,
  type Operation,
  type ResourceOperation,
} from '../../schema/define/needs';
import type { ProviderDefinition } from '../../schema/define/provider';
import { ALLOW_WRITES } from '../../schema/derive/to-list';
import { complete, type Core, type Instance, told, type Told } from '../core';
import type { Described } from '../examples';
import { query } from '../query';
import { resolvedExample } from '../referred';
import { done, errors, Subject } from '../subject';
import type { Target } from '../target';

/** A permission that a login has, and where. */
export interface Held {
  readonly permission: Permission;
  readonly place: Partial<Place>;
}

/** What is tested in another way than by the minimal example and its first attribute. */
export interface NeedsCase {
  readonly type: string;
  readonly operation: Operation;
  /** The case of the need that applies. @default none */
  readonly when?: string;
  /** Values of the object besides those of the example. @default none */
  readonly config?: ValueRecord;
  /** What an update changes. @default the first attribute that can be changed */
  readonly change?: ValueRecord;
}

/** How logins with certain permissions are made, and what differs from the examples. */
export interface NeedsOptions {
  start(): Promise<Target>;
  /** Makes a login that has these permissions and no others, and returns its part of the provider block. */
  loginWith(target: Target, held: readonly Held[]): Promise<ValueRecord>;
  /** Replaces the test of an operation. @default the minimal example is created, its first attribute changed, and it is deleted */
  readonly cases?: readonly NeedsCase[];
  /** Values for every object of a type. @default none */
  readonly config?: Readonly<Record<string, ValueRecord>>;
}

const operations: readonly ResourceOperation[] = ['list', 'read', 'create', 'update', 'delete'];
let made = 0;

/** Tests that each operation succeeds with the permissions that its definition names, and fails with one less in words that name it. */
export function needsTests(provider: ProviderDefinition, options: NeedsOptions): void {
  const { cases = [], loginWith } = options;
  let target: Target;
  let admin: Core;
  beforeAll(async () => {
    target = await options.start();
    admin = await target.core();
  });
  afterAll(() => target.stop());

  /** Tries something as a login that has all of the needs, and as one that lacks each of them. */
  async function hold({ needs, always, reading }: Needed, attempt: () => Promise<Attempt>): Promise<void> {
    const as = async (list: readonly Need[], values: ValueRecord): Promise<Core> => {
      const held = list.map((need) => ({ permission: permissionOf(need), place: placeOf(need, values) }));
      return target.core(await loginWith(target, held));
    };
    const { values, run } = await attempt();
    const all = [...always, ...needs];
    const isSpare = (need: Need): boolean => all.some((other) => isIncluded(permissionOf(need), permissionOf(other)));
    const granted = await run(
      await as(
        all.filter((need) => !isSpare(need)),
        values,
      ),
    );
    expect([errors(granted.told), granted.isMissing ?? false]).toEqual([[], false]);
    for (const need of needs.filter((one) => !isSpare(one))) {
      const { values: others, run: again } = await attempt();
      const rest = all.filter((one) => permissionOf(one) !== permissionOf(need));
      const refused = await again(await as(rest, others));
      // Some lists show less to those who may see less.
      if (refused.isMissing && refused.told.length === 0) continue;
      const [error, ...more] = errors(refused.told);
      expect(more).toEqual([]);
      expect(error?.detail).toContain(namedIn(permissionOf(need), placeOf(need, others)));
      // A read that comes first says how it is allowed.
      const grants = [need, ...reading].map((one) => permissionOf(one).grant);
      expect(grants.filter((grant) => error?.detail.includes(grant))).not.toEqual([]);
    }
  }

  const rows = provider.resources.flatMap(({ type, needs = {} }) =>
    operations.flatMap((operation) => {
      if (needs[operation] === undefined) return [];
      const own = cases.filter((one) => one.type === type && one.operation === operation);
      return own.length > 0 ? own : [{ type, operation } as NeedsCase];
    }),
  );
  if (rows.length > 0)
    it.each(rows.map((row) => [[row.operation, row.type, row.when ?? ''].join(' ').trim(), row] as const))('%s', async (_, row) => {
      const { type } = row;
      const definition = provider.resources.find((one) => one.type === type) as ResourceDefinition;
      const applies = (need: Need): boolean => caseOf(need) === undefined || caseOf(need) === row.when;
      const needs = (definition.needs?.[row.operation as ResourceOperation] ?? []).filter(applies);
      const reading = row.operation === 'list' || row.operation === 'read' ? [] : (definition.needs?.read ?? []).filter(applies);
      const extra = { ...options.config?.[type], ...row.config };
      // What does not exist yet is read by whoever creates it.
      const spare = (need: Need): boolean => needs.some((one) => isIncluded(permissionOf(need), permissionOf(one)));
      const always = row.operation === 'create' ? reading.filter((need) => !spare(need)) : reading;
      await hold({ needs, always, reading }, () => attemptOn({ target, definition, row, extra, admin }));
    });

  const others = [
    ...provider.dataSources.map((one) => [one.type, one.needs, 'read', one] as const),
    ...(provider.ephemerals ?? []).map((one) => [one.type, one.needs, 'open', one] as const),
    ...(provider.actions ?? []).map((one) => [one.type, one.needs, 'invoke', one] as const),
  ].filter(([, needs]) => needs !== undefined);
  if (others.length > 0)
    it.each(others.map((row) => [`${row[2]} ${row[0]}`, row] as const))('%s', async (_, [type, needs = {}, operation, one]) => {
      const when = cases.find((row) => row.type === type && row.operation === operation)?.when;
      const applies = (need: Need): boolean => caseOf(need) === undefined || caseOf(need) === when;
      const list = ((needs as Needs)[operation] ?? []).filter(applies);
      await hold({ needs: list, always: [], reading: [] }, async () => {
        const values = {
          ...(await resolvedExample(target, { definition: one as Described, example: one.example })),
          ...options.config?.[type],
        };
        return { values, run: async (core) => ({ told: await run[operation](core, type, values) }) };
      });
    });
}

/** What an attempt needs, and what comes before it. */
interface Needed {
  readonly needs: readonly Need[];
  readonly always: readonly Need[];
  /** What reading needs. */
  readonly reading: readonly Need[];
}

/** Something to try: the values that say where it is, and the attempt itself. */
interface Attempt {
  readonly values: ValueRecord;
  run(core: Core): Promise<Outcome>;
}

/** What came of an attempt. */
interface Outcome {
  readonly told: readonly Told[];
  /** Whether a list leaves out the object. @default false */
  readonly isMissing?: boolean;
}

interface Trying {
  readonly target: Target;
  readonly definition: ResourceDefinition;
  readonly row: NeedsCase;
  readonly extra: ValueRecord;
  readonly admin: Core;
}

/** An object for an attempt, as an administrator made it unless the attempt makes it. */
async function attemptOn({ target, definition, row, extra, admin }: Trying): Promise<Attempt> {
  const { type } = definition;
  const { operation, change } = row;
  const subject = new Subject(definition, target);
  const config = { ...(await subject.example('minimal', `-n${(made += 1)}`)), ...extra };
  if (operation === 'create') return { values: config, run: async (core) => ({ told: (await core.ensure(type, config)).diagnostics }) };
  const instance: Instance = done(await admin.ensure(type, config));
  const values = isRecord(instance.state) ? instance.state : config;
  if (operation === 'read') return { values, run: async (core) => ({ told: (await core.refresh(instance)).diagnostics }) };
  if (operation === 'list') return { values, run: (core) => listed(core, definition, values) };
  const next = operation === 'delete' ? null : { ...config, ...(change ?? firstChange(subject, config)) };
  return {
    values,
    async run(core) {
      const plan = await core.plan(type, next, instance);
      if (errors(plan.diagnostics).length > 0) return { told: plan.diagnostics };
      return { told: [...plan.diagnostics, ...(await core.apply(plan)).diagnostics] };
    },
  };
}

function firstChange(subject: Subject, config: ValueRecord): ValueRecord {
  const [field] = subject.readable().filter(({ facts }) => !facts.forceNew);
  if (!field) return {};
  const [one, other] = subject.pair(config, field);
  return {
    [field.name]:
      JSON.stringify(one[field.name]) === JSON.stringify(config[field.name] ?? field.default ?? null)
        ? (other[field.name] ?? null)
        : (one[field.name] ?? null),
  };
}

async function listed(core: Core, definition: ResourceDefinition, values: ValueRecord): Promise<Outcome> {
  const names = definition.key.map(snakeCase);
  const config: ValueRecord = {
    ...Object.fromEntries(names.slice(0, -1).map((name): [string, Value] => [name, values[name] ?? null])),
    ...(definition.binding.list?.writes !== undefined && { [ALLOW_WRITES]: true }),
  };
  const { found, told: all } = await query(core, { type: definition.type, config });
  // What cannot be read of many lists is a warning; where the object is in another one, that does not matter.
  const refused = all.filter(({ detail }) => detail.startsWith('Cannot list ')).map((one) => ({ ...one, severity: 'error' as const }));
  const isThere = found.some(({ identity }) => names.every((name) => (identity[name] ?? '') === (values[name] ?? '')));
  const parents = names.slice(0, -1).map((name) => `"${String(values[name])}"`);
  const first = refused.find(({ detail }) => parents.every((text) => detail.includes(text)));
  return isThere ? { told: [] } : { told: first ? [first] : refused.slice(0, 1), isMissing: true };
}

type Run = (core: Core, type: string, values: ValueRecord) => Promise<readonly Told[]>;

const run: Readonly<Record<'read' | 'open' | 'invoke', Run>> = {
  async read(core, typeName, values) {
    const attributes = core.provider.schema().dataSources[typeName]?.block.attributes ?? [];
    return told(
      (await core.client.call('ReadDataSource', { typeName, config: { msgpack: pack(complete(attributes, values)) } })).diagnostics,
    );
  },
  async open(core, typeName, values) {
    const attributes = core.provider.schema().ephemeralResources[typeName]?.block.attributes ?? [];
    const config = { msgpack: pack(complete(attributes, values)) };
    return told((await core.client.call('OpenEphemeralResource', { typeName, config })).diagnostics);
  },
  async invoke(core, actionType, values) {
    const attributes = core.provider.schema().actions[actionType]?.block.attributes ?? [];
    const events = await core.client.stream('InvokeAction', { actionType, config: { msgpack: pack(complete(attributes, values)) } });
    return events.flatMap(({ completed }) => told(completed?.diagnostics ?? []));
  },
};
