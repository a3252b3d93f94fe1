import type { AttributePath } from '../common/diagnostic';
import { isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { ApiClient } from '../schema/define/binding';
import { type Field, isScalar, type Shape } from '../schema/define/shape';
import { isUnset, withoutUnset } from '../schema/api/unset';

/** Where the server is and what the provider block says of it. */
export type Place = Pick<ApiClient, 'endpoint' | 'settings'>;

/** What derived attributes may look at; `server` is nothing while it is not known. */
export interface DeriveContext {
  readonly server: Place | undefined;
}

/** The values that are planned for a configuration, given what is in state (`undefined` for a create). */
export function planValues(fields: readonly Field[], config: ValueRecord, prior: ValueRecord | undefined): Record<string, Value> {
  return Object.fromEntries(
    fields.map((field) => [field.name, planField(field, config[field.name] ?? null, prior && (prior[field.name] ?? null))]),
  );
}

function planField(field: Field, config: Value, prior: Value | undefined): Value {
  if (field.facts.writeOnly) return null;
  // Core wants it as it is written, so members get no defaults.
  if (config !== null && isUnset(field, config)) return config;
  if (config !== null) return keepPriorWording(field, planMembers(field.shape, config, prior ?? null), prior);
  if (field.default !== undefined) return field.default;
  if (!field.computed) return null;
  return prior === undefined ? UNKNOWN : prior;
}

/** Core allows the prior value where it means the same as the configured one; then there is nothing to change. */
function keepPriorWording(field: Field, value: Value, prior: Value | undefined): Value {
  if (prior === undefined || prior === null || value === UNKNOWN) return value;
  if (field.facts.semanticEquals?.(prior, value)) return prior;
  return field.shape.kind === 'set' && sameSet(prior, value) ? prior : value;
}

function sameSet(a: Value, b: Value): boolean {
  return isList(a) && isList(b) && a.length === b.length && a.every((item) => b.some((other) => sameValue(item, other)));
}

/** Members of nested objects that the configuration leaves out get their own defaults. */
function planMembers(shape: Shape, config: Value, prior: Value): Value {
  if (isScalar(shape)) return config;
  if (shape.kind === 'object') return isRecord(config) ? planValues(shape.fields, config, isRecord(prior) ? prior : undefined) : config;
  if (isList(config)) {
    const before = shape.kind === 'list' && isList(prior) ? prior : [];
    return config.map((item, index) => planMembers(shape.element, item, before[index] ?? null));
  }
  if (!isRecord(config)) return config;
  const before = isRecord(prior) ? prior : {};
  return Object.fromEntries(Object.entries(config).map(([key, item]) => [key, planMembers(shape.element, item, before[key] ?? null)]));
}

/** Fills in the attributes that follow from others; those that need an unknown value are unknown. */
export function deriveValues(fields: readonly Field[], values: ValueRecord, context: DeriveContext): Record<string, Value> {
  const derived = { ...values };
  for (const field of fields) if (field.facts.derive) derived[field.name] = derive(field, derived, context);
  return derived;
}

/** The same for an object that was read: what the server tells of is not derived. */
export function deriveObserved(fields: readonly Field[], values: ValueRecord, context: DeriveContext): Record<string, Value> {
  return deriveValues(
    fields.filter(({ api }) => api === undefined),
    values,
    context,
  );
}

function derive(field: Field, values: ValueRecord, { server }: DeriveContext): Value {
  let needsUnknown = server === undefined;
  const known = new Proxy(values, {
    get(target, name) {
      const value = typeof name === 'string' ? (target[name] ?? null) : null;
      if (value === UNKNOWN) needsUnknown = true;
      return value;
    },
  });
  const value = field.facts.derive?.(known, server ?? { endpoint: '', settings: {} }) ?? null;
  return needsUnknown ? UNKNOWN : value;
}

/** The paths whose change forces replacement. */
export function replacedPaths(fields: readonly Field[], prior: ValueRecord, planned: ValueRecord): AttributePath[] {
  return pathsApart(fields, withoutUnset(fields, prior), withoutUnset(fields, planned));
}

function pathsApart(fields: readonly Field[], prior: ValueRecord, planned: ValueRecord): AttributePath[] {
  return fields.flatMap((field): AttributePath[] => {
    const [before, after] = [prior[field.name] ?? null, planned[field.name] ?? null];
    if (sameValue(before, after)) return [];
    if (field.facts.forceNew) return [[field.name]];
    if (field.shape.kind !== 'object' || !isRecord(before) || !isRecord(after)) return [];
    return pathsApart(field.shape.fields, before, after).map((path) => [field.name, ...path]);
  });
}

/** `planned` with what was unknown taken from `actual`; what neither knows is null. */
export function resolveUnknown(planned: Value, actual: Value | undefined): Value {
  if (planned === UNKNOWN) return actual === undefined || actual === UNKNOWN ? null : actual;
  if (isList(planned)) return planned.map((item, index) => resolveUnknown(item, isList(actual) ? actual[index] : undefined));
  if (!isRecord(planned)) return planned;
  return Object.fromEntries(
    Object.entries(planned).map(([key, item]) => [key, resolveUnknown(item, isRecord(actual) ? actual[key] : undefined)]),
  );
}
