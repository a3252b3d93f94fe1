import { error } from '../common/diagnostic';
import type { Value, ValueRecord } from '../common/value';
import { isJsonObject } from '../schema/json';
import { type Field, isScalar, type Shape } from '../schema/shape';
import type { StateAnswer, UpgradeStateRequest } from './provider';
import type { Session } from './session';

/** Brings stored state to the current schema. It has no client, so it cannot do I/O. */
export function upgradeState(session: Session, { type, version, json }: UpgradeStateRequest): StateAnswer {
  const compiled = session.catalog.resource(type);
  const { definition, fields } = compiled;
  const current = definition.version ?? 0;
  if (version > current) {
    return failed(
      `The state of ${type} was written by a newer version of the provider (schema ${version}; this one knows up to ${current}). Use that version or a newer one.`,
    );
  }
  let state = parse(json);
  if (!state) return failed(`The stored state of ${type} is not a JSON object; restore it from a backup.`);
  for (const upgrade of (definition.upgraders ?? []).slice(version)) state = upgrade(state);
  const values = fromState(fields, state);
  session.see(compiled, values);
  return { state: values, diagnostics: [] };
}

/** Stored state as values: attributes that are unknown to the schema go, those that are missing are null. */
export function fromState(fields: readonly Field[], state: Readonly<Record<string, unknown>>): ValueRecord {
  return Object.fromEntries(
    fields.map((field) => [field.name, valueFromState(field.shape, Object.hasOwn(state, field.name) ? state[field.name] : null)]),
  );
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
    const state = JSON.parse(json) as unknown;
    return isJsonObject(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

const failed = (detail: string): StateAnswer => ({ state: null, diagnostics: [error('State Cannot Be Upgraded', detail)] });
