import type { AttributePath } from '../common/diagnostic';
import { isKnown, isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import { HookError } from '../schema/define/errors';
import { NotKnownYet } from '../schema/define/values';
import type { Derive } from '../schema/define/attribute';
import type { DeriveContext } from '../schema/define/hooks';
import type { ApiClient } from '../schema/define/client';
import { type CollectionShape, type Field, isScalar, type Shape } from '../schema/define/shape';
import { isUnset, withoutUnset } from '../schema/api/unset';
import { agrees, type Branch, elementKeyOf, membersOf, partnersIn, rewrite, search } from '../schema/api/walk';

/** What derived attributes may use besides the values; nothing while the server is unknown. */
export type KnownServer = ApiClient | undefined;

/** The values that are planned for a configuration, given what is in state (`undefined` for a create). */
export function planValues(fields: readonly Field[], config: ValueRecord, prior: ValueRecord | undefined): Record<string, Value> {
  const planned: Record<string, Value> = {};
  for (const field of fields) planned[field.name] = planField(field, config[field.name] ?? null, prior && (prior[field.name] ?? null));
  return planned;
}

function planField(field: Field, config: Value, prior: Value | undefined): Value {
  if (field.facts.writeOnly) return null;
  // Core requires it as configured, so members get no defaults.
  if (config !== null && isUnset(field, config)) return config;
  if (config !== null) return keepPriorWording(field, planMembers(field.shape, config, prior ?? null), prior);
  if (field.default !== undefined) return field.default;
  if (!field.computed) return null;
  return prior === undefined ? UNKNOWN : prior;
}

/** Core allows the prior value where it is equivalent to the configured one; then nothing changes. */
function keepPriorWording(field: Field, value: Value, prior: Value | undefined): Value {
  if (prior === undefined || prior === null || value === UNKNOWN) return value;
  if (field.facts.semanticEquals?.(prior, value)) return prior;
  return field.shape.kind === 'set' && sameSet(prior, value) ? prior : value;
}

function sameSet(a: Value, b: Value): boolean {
  return isList(a) && isList(b) && a.length === b.length && a.every((item) => b.some((other) => sameValue(item, other)));
}

/** Members of nested objects that the configuration omits get their defaults, or the server's values. */
function planMembers(shape: Shape, config: Value, prior: Value): Value {
  if (isScalar(shape)) return config;
  if (shape.kind === 'object') return isRecord(config) ? planValues(shape.fields, config, isRecord(prior) ? prior : undefined) : config;
  if (shape.kind === 'set') return isList(config) ? config.map((item) => planInSet(shape, item, prior)) : config;
  const partner = partnersIn(shape, prior);
  if (isList(config))
    return config.map((item, index) => planMembers(shape.element, item, partner(index, elementKeyOf(shape, item)) ?? null));
  if (!isRecord(config)) return config;
  return Object.fromEntries(
    Object.entries(config).map(([key, item]) => [key, planMembers(shape.element, item, partner(key, undefined) ?? null)]),
  );
}

const decidedByServer = search(({ computed, default: fallback }) => computed && fallback === undefined);

/** An element of a set that matches one in state, except for what the server decides, is that element. */
function planInSet({ element }: CollectionShape, config: Value, prior: Value): Value {
  const anew = planMembers(element, config, null);
  if (decidedByServer(membersOf(element)).length === 0 || !isList(prior)) return anew;
  return prior.find((one) => sameValue(planMembers(element, config, one), one)) ?? anew;
}

const changesByItself = search(({ facts }) => facts.volatile === true && facts.mayChange === undefined);

/** An update that is planned. */
interface PlannedUpdate {
  readonly prior: ValueRecord;
  readonly server: KnownServer;
}

/** The plan for an object that changes: values that the update may change too are unknown until after apply. */
export async function withVolatile(fields: readonly Field[], planned: ValueRecord, update: PlannedUpdate): Promise<ValueRecord> {
  const open = fields.map(async ({ name, facts: { mayChange } }): Promise<[string, Value][]> => {
    if (!mayChange) return [];
    const asked: Derive = (values, context) => mayChange(values, update.prior, context);
    const changes = await compute(asked, planned, { server: update.server, open: none }).catch(unlessBug);
    return changes === UNKNOWN || changes === true ? [[name, UNKNOWN]] : [];
  });
  const found = (await Promise.all(open)).flat();
  const rewritten = rewrite(changesByItself(fields), planned, () => UNKNOWN);
  return found.length === 0 ? rewritten : { ...rewritten, ...Object.fromEntries(found) };
}

/** Fills in derived attributes; those that need an unknown value are unknown. */
export async function deriveValues(fields: readonly Field[], values: ValueRecord, server: KnownServer): Promise<Record<string, Value>> {
  return fillIn(derivedIn(fields), values, server);
}

const derivedIn = search(({ facts }) => facts.derive !== undefined);

async function fillIn(branches: readonly Branch[], values: ValueRecord, server: KnownServer): Promise<Record<string, Value>> {
  const derived = { ...values };
  let waiting = branches.filter(({ wanted }) => wanted).map(({ field }) => field);
  // One may need another, whichever was declared first: what that has from before does not count. Its own may.
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ name }) => name));
    for (const field of waiting) {
      const { derive = () => null } = field.facts;
      const value = await compute(derive, derived, { server, open, own: field.name });
      if (value === undefined) continue;
      derived[field.name] = value;
      open.delete(field.name);
    }
    const left = waiting.filter(({ name }) => open.has(name));
    if (left.length === waiting.length) throw circular(left);
    waiting = left;
  }
  return derived;
}

const circular = (fields: readonly Field[]): HookError => {
  const names = fields.map(({ key }) => `derived.${key}`);
  return new HookError(names.join(' and '), 'cannot be computed: each needs another one of them; let one do without');
};

/** The same for an object that was read: what the server returns is not derived. */
export function deriveObserved(fields: readonly Field[], values: ValueRecord, server: KnownServer): Promise<Record<string, Value>> {
  return fillIn(observedIn(fields), values, server);
}

const observedIn = search(({ facts, api }) => facts.derive !== undefined && api === undefined);

interface Deriving {
  readonly server: KnownServer;
  /** Names of the attributes that are still to be derived. */
  readonly open: ReadonlySet<string>;
  /** The name of the attribute that is derived, which may need its own value from before. */
  readonly own?: string;
}

const none: ReadonlySet<string> = new Set();

/** A server that cannot be asked never stops a plan. */
function unlessBug(thrown: unknown): Value {
  if (thrown instanceof HookError) throw thrown;
  return UNKNOWN;
}

/** What a function returns; unknown when it needs something unknown, and nothing when it needs a value that is still to be derived. */
async function compute(hook: Derive, values: ValueRecord, { server, open, own }: Deriving): Promise<Value | undefined> {
  let needsOpen = false;
  let needsUnknown = false;
  const known = <T>(value: T | undefined, isKnownYet: boolean): T => {
    needsUnknown ||= !isKnownYet;
    if (!isKnownYet) throw new NotKnownYet();
    return value as T;
  };
  const watched = new Proxy(values, {
    get(target, name) {
      const value = typeof name === 'string' ? (target[name] ?? null) : null;
      needsOpen ||= typeof name === 'string' && name !== own && open.has(name);
      return known(value, !needsOpen && isKnown(value));
    },
  });
  const place = (): ApiClient => known(server, server !== undefined);
  const context: DeriveContext = {
    get endpoint() {
      return place().endpoint;
    },
    get settings() {
      return place().settings;
    },
    get client() {
      return place();
    },
  };
  try {
    const value = (await hook(watched, context)) ?? null;
    return needsOpen ? undefined : needsUnknown ? UNKNOWN : value;
  } catch (thrown) {
    if (needsOpen) return undefined;
    if (needsUnknown) return UNKNOWN;
    throw thrown;
  }
}

/** The paths whose change forces replacement. */
export function replacedPaths(fields: readonly Field[], prior: ValueRecord, planned: ValueRecord): AttributePath[] {
  const branches = forcing(fields);
  return branches.length === 0 ? [] : pathsApart(branches, withoutUnset(fields, prior), withoutUnset(fields, planned));
}

const forcing = search(({ facts }) => facts.forceNew === true);

function pathsApart(branches: readonly Branch[], prior: ValueRecord, planned: ValueRecord): AttributePath[] {
  return branches.flatMap(({ field, wanted, inner }): AttributePath[] => {
    const [before, after] = [prior[field.name] ?? null, planned[field.name] ?? null];
    if (sameValue(before, after)) return [];
    if (wanted) return [[field.name]];
    return pathsWithin(field.shape, { before, after, inner }).map((path) => [field.name, ...path]);
  });
}

interface Apart {
  readonly before: Value;
  readonly after: Value;
  readonly inner: readonly Branch[];
}

/** Added and removed elements force nothing; for a list whose elements were reordered, the path is that of the list. */
function pathsWithin(shape: Shape, { before, after, inner }: Apart): AttributePath[] {
  if (shape.kind === 'object') return isRecord(before) && isRecord(after) ? pathsApart(inner, before, after) : [];
  if (!('element' in shape)) return [];
  const partner = partnersIn(shape, before);
  const within = (item: Value, at: number | string): AttributePath[] => {
    const other = partner(at, elementKeyOf(shape, item));
    return other === undefined ? [] : pathsWithin(shape.element, { before: other, after: item, inner });
  };
  if (isList(after)) return after.flatMap((item, i) => within(item, i).map((path) => (shape.elementKey === undefined ? [i, ...path] : [])));
  return isRecord(after) ? Object.entries(after).flatMap(([key, item]) => within(item, key).map((path) => [{ key }, ...path])) : [];
}

/** `planned` with unknown values taken from `actual`; values unknown in both are null. */
export function resolveUnknown(fields: readonly Field[], planned: ValueRecord, actual: ValueRecord | undefined): ValueRecord {
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => {
      const shape = isKnown(value) ? undefined : fields.find((field) => field.name === name)?.shape;
      return [name, shape ? resolveIn(shape, value, actual?.[name]) : value];
    }),
  );
}

function resolveIn(shape: Shape, planned: Value, actual: Value | undefined): Value {
  if (planned === UNKNOWN) return actual === undefined || !isKnown(actual) ? null : actual;
  if (isScalar(shape)) return planned;
  if (shape.kind === 'object')
    return isRecord(planned) ? resolveUnknown(shape.fields, planned, isRecord(actual) ? actual : undefined) : planned;
  if (shape.kind === 'set')
    return isList(planned)
      ? planned.map((item) =>
          resolveIn(shape.element, item, isList(actual) ? actual.find((one) => agrees(shape.element, one, item)) : undefined),
        )
      : planned;
  const partner = partnersIn(shape, actual);
  if (isList(planned)) return planned.map((item, index) => resolveIn(shape.element, item, partner(index, elementKeyOf(shape, item))));
  if (!isRecord(planned)) return planned;
  return Object.fromEntries(Object.entries(planned).map(([key, item]) => [key, resolveIn(shape.element, item, partner(key, undefined))]));
}
