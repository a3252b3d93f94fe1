import type { Diagnostic } from '../../common/diagnostic';
import { UNKNOWN, type Value, type ValueRecord } from '../../common/value';
import { snakeCase } from '../../common/names';
import type { Attribute, Attributes, Derive, Facts, MayChange } from './attribute';
import type { ApiClient, Binding, ListBinding, ObjectKey, Write } from './binding';
import type { DerivedHooks, ReadHooks, ResourceHooks, VolatileHooks } from './hooks';
import { dig, type JsonObject } from './json';
import { collected, isPaged } from './paged';
import { type ApiCase, type Field, fieldsOf, type Shape } from './shape';
import { hookValues, hookView, mustBeKnown, NotKnownYet, terraformDiagnostic, terraformValue } from './values';

/** Hooks with erased attribute types. */
type AnyHooks = ReadHooks<Attributes, string> & Partial<ResourceHooks<Attributes, string>>;

/** The definition that hooks are compiled for. */
export interface HookSource {
  /** Terraform's name of the type, or another name for messages. */
  readonly type: string;
  readonly attributes: Attributes;
  readonly apiCase?: ApiCase | undefined;
  readonly key: readonly string[];
}

/** The form in which the handler calls hooks: keys by position, values under Terraform's names. */
export function bindingOf(source: HookSource, hooks: AnyHooks): Binding {
  const keyed = keyConverter(source);
  const fields = (): readonly Field[] => fieldsOf(source.attributes, source.apiCase);
  const values = (record: ValueRecord): Record<string, unknown> => hookValues(fields(), record);
  const given = (record: ValueRecord | undefined): { hints?: Record<string, unknown> } =>
    record ? { hints: hookView(fields(), record) } : {};
  const { create, update, remove, managedSubset, elsewhere, importKey, list, alwaysExists, uidFields, fullUpdate, constants } = hooks;
  const written = ({ key, body, values: record, prior, tell }: Write): object => ({
    key: keyed.named(key),
    keyPaths: keyed.paths(),
    body,
    values: values(record),
    ...(prior && { prior: values(prior) }),
    tell: (diagnostic: Diagnostic) => tell?.(terraformDiagnostic(diagnostic)),
  });
  return {
    read: (client, key, known) => hooks.read({ client, key: keyed.named(key), keyPaths: keyed.paths(), ...given(known) }),
    create: async (client, write) => (await create?.call(hooks, { client, ...written(write) } as never)) ?? undefined,
    update: async (client, write) => (await update?.call(hooks, { client, ...written(write) } as never)) ?? undefined,
    async remove(client, key, state) {
      await remove?.call(hooks, { client, key: keyed.named(key), keyPaths: keyed.paths(), state: values(state) });
    },
    ...(managedSubset && { managedSubset: (object, known) => managedSubset.call(hooks, object, { hints: values(known) }) }),
    ...(elsewhere && {
      elsewhere: (client: ApiClient, key: ObjectKey) => elsewhere.call(hooks, { client, key: keyed.named(key), keyPaths: keyed.paths() }),
    }),
    ...(importKey && {
      importKey: async (client: ApiClient, id: string) => {
        const key = await importKey.call(hooks, { client, id });
        return key && keyed.positional(key);
      },
    }),
    ...(list && { list: listOf(source, list, { keyed, given }) }),
    ...(constants && { constants }),
    ...(uidFields && { uidFields }),
    ...(alwaysExists && { alwaysExists }),
    ...(fullUpdate && { fullUpdate }),
  };
}

interface Converters {
  readonly keyed: ReturnType<typeof keyConverter>;
  given(record: ValueRecord | undefined): { hints?: Record<string, unknown> };
}

function listOf(source: HookSource, list: NonNullable<AnyHooks['list']>, { keyed, given }: Converters): ListBinding {
  const { except } = list;
  const fetch = (client: ApiClient, key: ObjectKey, known?: ValueRecord): ReturnType<typeof list.fetch> =>
    list.fetch({ client, key: keyed.named(key), keyPaths: keyed.paths(), ...given(known) });
  const own = (key: ObjectKey): string => `${source.type} in ${key.slice(0, -1).join('/')}`;
  return {
    origin: `${numberOf(list.fetch)} ${source.key.join('/')}`,
    scope: (key, known) => list.scope?.({ key: keyed.named(key), ...given(known) }) ?? own(key),
    fetch: (client, key, known) => collected(fetch(client, key, known)),
    async *pages(client, key, known) {
      const answer = fetch(client, key, known);
      if (isPaged(answer)) yield* answer;
      else yield await answer;
    },
    keyOf(entry, key) {
      if (!list.keyOf) return keyed.read(entry, key);
      const found = list.keyOf(entry, { key: keyed.named(key) });
      return found && keyed.positional(found);
    },
    ...(list.partial && { partial: true }),
    ...(list.omits !== undefined && { omits: list.omits }),
    ...(except && { except: { why: except.why, matches: (client, entry) => except.matches(entry, { client }) } }),
    ...(list.writes !== undefined && { writes: list.writes }),
    ...(list.scopes && {
      async scopes(client: ApiClient) {
        const all = (await list.scopes?.({ client })) ?? [];
        return all.map((values) => ({ key: source.key.map((name) => String(values[name] ?? '')), hints: recordOf(source, values) }));
      },
    }),
  };
}

/** Values as hooks write them, in the form that the handler has. */
const recordOf = ({ attributes, apiCase }: HookSource, values: Readonly<Record<string, unknown>>): ValueRecord =>
  Object.fromEntries(
    fieldsOf(attributes, apiCase).flatMap(({ key, name, shape }) => (key in values ? [[name, terraformValue(shape, values[key])]] : [])),
  );

const numbers = new WeakMap<object, number>();
let numbered = 0;

/** A number for a function: types whose lists one function fetches share them. */
function numberOf(fetch: object): number {
  const known = numbers.get(fetch) ?? (numbered += 1);
  numbers.set(fetch, known);
  return known;
}

/** Converts keys between names and positions. */
export function keyConverter(source: HookSource): {
  named(key: ObjectKey): Record<string, string | undefined>;
  paths(): readonly (readonly string[])[];
  positional(key: Readonly<Record<string, unknown>>): string[] | undefined;
  read(entry: JsonObject, key: ObjectKey): string[] | undefined;
} {
  const { key: names } = source;
  const fields = (): (Field | undefined)[] => {
    const all = fieldsOf(source.attributes, source.apiCase);
    return names.map((name) => all.find(({ key }) => key === name));
  };
  return {
    paths: () => fields().map((field, index) => field?.api ?? [snakeCase(names[index] ?? '')]),
    named(key) {
      const all = fields();
      const partOf = (index: number): string | undefined => (key[index] === '' && !all[index]?.required ? undefined : key[index]);
      return Object.fromEntries(names.map((name, index) => [name, partOf(index)]));
    },
    positional(key) {
      const parts = names.map((name) => key[name] ?? '');
      return parts.every((part) => typeof part === 'string') ? parts : undefined;
    },
    read(entry, key) {
      const parts = fields().map(
        (field, index) => (field?.api && dig(entry, field.api)) ?? (index < names.length - 1 ? key[index] : undefined) ?? '',
      );
      return parts.every((part, index) => typeof part === 'string' && (part !== '' || fields()[index]?.optional))
        ? (parts as string[])
        : undefined;
    },
  };
}

interface DerivedSource extends Omit<HookSource, 'key'> {
  readonly derived?: DerivedHooks<Attributes> | undefined;
  readonly volatile?: VolatileHooks<Attributes> | undefined;
}

/** Attributes with the functions that derive some of them, and those that tell which updates change some. */
export function withDerived({ type, attributes, derived = {}, volatile = {}, apiCase }: DerivedSource): Attributes {
  const all: Record<string, Attribute> = { ...attributes };
  const fields = (): readonly Field[] => fieldsOf(all, apiCase);
  const seen = (values: ValueRecord): never => hookView(fields(), values, mustBeKnown) as never;
  const put = (member: string, name: string, facts: Facts): void => {
    const attribute = all[name];
    if (!attribute) throw new Error(`${type}: "${member}" has "${name}", which is not one of its attributes; declare it in "attributes"`);
    all[name] = { ...attribute, facts: { ...attribute.facts, ...facts } as Facts };
  };
  for (const [name, hook] of Object.entries(derived)) {
    let shape: Shape | undefined;
    const shapeOf = (): Shape => (shape ??= (fields().find(({ key }) => key === name) as Field).shape);
    const derive: Derive = (values, context) => orUnknown(async () => terraformValue(shapeOf(), await hook?.(seen(values), context)));
    put('derived', name, { derive });
  }
  for (const [name, hook] of Object.entries(volatile)) {
    const mayChange: MayChange = (values, prior, context) =>
      orUnknown(async () => terraformValue({ kind: 'bool' }, await hook?.(seen(values), seen(prior), context)));
    put('volatile', name, { mayChange });
  }
  return all;
}

/** What a function of known values returns; unknown if it reads another one. */
async function orUnknown(compute: () => Promise<Value>): Promise<Value> {
  try {
    return await compute();
  } catch (thrown) {
    if (thrown instanceof NotKnownYet) return UNKNOWN;
    throw thrown;
  }
}
