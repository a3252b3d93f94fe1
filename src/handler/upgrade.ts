import { error } from '../common/diagnostic';
import { parseJson } from '../common/exact-json';
import { isList, type Value, type ValueRecord } from '../common/value';
import { conform } from '../schema/api/conform';
import { isJsonObject } from '../schema/define/json';
import { type Field, isScalar, type Shape } from '../schema/define/shape';
import { STATE } from './door';
import type { Diagnosed, StateAnswer, UpgradeIdentityRequest, UpgradeStateRequest } from './provider';
import type { Session } from './session';

/** Brings stored state to the current schema. It has no client, so it cannot do I/O. */
export function upgradeState(session: Session, { type, version, json }: UpgradeStateRequest): StateAnswer {
  const compiled = session.catalog.resource(type);
  const { definition, fields } = compiled;
  const current = definition.version ?? 0;
  if (version > current) {
    return failed(
      `The state of ${type} was written by a newer version of the provider (schema ${version}; this version supports up to ${current}). Use that version or a newer one.`,
    );
  }
  let state = parse(json);
  if (!state) return failed(`The stored state of ${type} is not a JSON object; restore it from a backup.`);
  const upgraders = (definition.upgraders ?? []).slice(version);
  if (upgraders.length > 0) session.hideFromFaults(fields, fromState(fields, state));
  for (const upgrade of upgraders) state = upgrade(state);
  const values = isForeign(fields, state) ? withoutEmpty(fields, fromState(fields, state)) : fromState(fields, state);
  const { values: fitting, problems } = conform(fields, values, STATE);
  if (problems.length > 0)
    return failed(
      `The stored state of ${type} does not fit the schema: ${problems.map(({ detail }) => detail).join(' ')} Import the object again.`,
    );
  session.see(compiled, fitting);
  return { state: fitting, diagnostics: [] };
}

/** Brings a stored identity to the current schema: the parts of the key, which are texts. */
export function upgradeIdentity(session: Session, { type, json }: UpgradeIdentityRequest): Diagnosed & { identity?: ValueRecord } {
  const { key } = session.catalog.resource(type);
  const stored = parse(json) ?? {};
  const parts = key.map((name) => [name, Object.hasOwn(stored, name) ? stored[name] : null] as const);
  if (parts.every(([, part]) => part === null || typeof part === 'string'))
    return { identity: Object.fromEntries(parts) as ValueRecord, diagnostics: [] };
  const detail = `The stored identity of ${type} should contain strings in ${key.join(', ')} but does not; import the object again.`;
  return { diagnostics: [error('Identity Cannot Be Upgraded', detail)] };
}

/** State written by another provider with the same types (`terraform state replace-provider`) lacks some of our attributes. */
const isForeign = (fields: readonly Field[], state: Readonly<Record<string, unknown>>): boolean =>
  fields.some(({ name }) => !Object.hasOwn(state, name));

/** An empty string or list of the other provider counts as unset here, unless the attribute has a default. */
function withoutEmpty(fields: readonly Field[], values: ValueRecord): ValueRecord {
  const unset = fields.filter(
    ({ name, optional, computed }) => optional && !computed && (values[name] === '' || (isList(values[name]) && values[name].length === 0)),
  );
  return { ...values, ...Object.fromEntries(unset.map(({ name }) => [name, null])) };
}

/** Stored state as values: attributes that the schema lacks are dropped, missing ones are null. */
export function fromState(fields: readonly Field[], state: Readonly<Record<string, unknown>>): ValueRecord {
  const values: Record<string, Value> = {};
  for (const { name, shape, facts } of fields)
    values[name] = facts.writeOnly || !Object.hasOwn(state, name) ? null : valueFromState(shape, state[name]);
  return values;
}

function valueFromState(shape: Shape, json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (isScalar(shape)) return json as Value;
  if (shape.kind === 'object') return isJsonObject(json) ? fromState(shape.fields, json) : null;
  if (Array.isArray(json)) return json.map((item) => valueFromState(shape.element, item));
  return isJsonObject(json)
    ? Object.fromEntries(Object.entries(json).map(([key, item]) => [key, valueFromState(shape.element, item)]))
    : null;
}

function parse(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const state = parseJson(json);
    return isJsonObject(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

const failed = (detail: string): StateAnswer => ({ state: null, diagnostics: [error('State Cannot Be Upgraded', detail)] });
