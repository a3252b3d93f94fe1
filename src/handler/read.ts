import type { ObjectQuery } from '../client/reader';
import type { ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, error } from '../common/diagnostic';
import { isKnown, isRecord, type Value, type ValueRecord } from '../common/value';
import { fromApi } from '../schema/api/from-api';
import type { Binding } from '../schema/define/binding';
import { dig, type JsonObject } from '../schema/define/json';
import type { Field } from '../schema/define/shape';
import { type Compiled, identityOf, keyOf } from './compiled';
import { kindsApart, marksOf } from './apart';
import { inTime } from './deadline';
import { gone } from './gone';
import { deriveObserved, type KnownServer } from './plan-values';
import { packPrivate, unpackPrivate } from './private-state';
import type { ReadRequest, StateAnswer } from './provider';
import { hideSecrets } from './secrets';
import type { Session } from './session';

/** Refreshes an instance. Only a confirmed "not found" removes it; any failure leaves the state unchanged. */
export async function read(session: Session, request: ReadRequest): Promise<StateAnswer> {
  const compiled = session.catalog.resource(request.type);
  const { state } = request;
  const kept = { state, private: request.private, diagnostics: [] as Diagnostic[] };
  if (!isRecord(state)) return kept;
  const key = keyOf(compiled, state);
  if (!session.connection || !key) return kept;
  const { reader, client, root } = session.connection;
  hideSecrets(root, compiled, [state]);
  const { binding } = compiled.definition;
  const wanted: ObjectQuery = { key, hints: state };
  const read = await inTime(reader.read(binding, wanted, readableFields(compiled)), state, 'read');
  const object = managed(binding, read, state);
  const other = object && read && hasKey(compiled, state, read) ? kindsApart(binding, read) : [];
  if (!object || other.length > 0)
    return { state: null, diagnostics: await gone(session.connection, compiled.definition, { ...wanted, other }) };
  const values = await valuesOf({ compiled, object, server: client }, state);
  if ('diagnostic' in values) return { ...kept, diagnostics: [values.diagnostic] };
  const remembered = { ...unpackPrivate(request.private), marks: marksOf(binding, object) };
  return { ...kept, state: values.values, private: packPrivate(remembered), identity: identityOf(compiled, values.values) };
}

/** The part of an object that an instance manages. */
export function managed(binding: Binding, object: JsonObject | undefined, known: ValueRecord): JsonObject | undefined {
  return object && binding.managedSubset ? binding.managedSubset(object, known) : object;
}

/** An object from the server, to be converted to values. */
export interface Observed {
  readonly compiled: Compiled<ResourceDefinition>;
  readonly object: JsonObject;
  readonly server: KnownServer;
}

/** The values of an object, or what is wrong with it. */
export async function valuesOf(
  { compiled, object, server }: Observed,
  prior: ValueRecord,
): Promise<{ values: Record<string, Value> } | { diagnostic: Diagnostic }> {
  const nameless = withoutKey(compiled, prior, object);
  if (nameless !== undefined) return { diagnostic: unexpected(compiled.definition.type, `it has no ${nameless}`) };
  const other = otherKind(compiled.definition, object);
  if (other) return { diagnostic: other };
  const read = fromApi(compiled.fields, object, prior);
  if (read.problems) return { diagnostic: unexpected(compiled.definition.type, read.problems.join('; ')) };
  const stranger = otherObject(compiled, prior, read.values);
  if (stranger) return { diagnostic: stranger };
  return { values: await deriveObserved(compiled.fields, read.values, server) };
}

/** The error for a response that is not the requested object. */
export const unexpected = (type: string, problem: string): Diagnostic =>
  error('Unexpected Answer', `The server's answer for ${type} is not in the documented format: ${problem}. The state is unchanged.`);

/**
 * A part of the requested key that the response lacks, under its API name: such a response is not the object.
 * A maintenance page must not pass as an object without drift.
 */
export function withoutKey({ fields, key }: Compiled<ResourceDefinition>, asked: ValueRecord, object: JsonObject): string | undefined {
  const parts = fields.filter(({ name }) => key.includes(name) && (asked[name] ?? '') !== '');
  const lacked = parts.find(({ api }) => api !== undefined && (dig(object, api) ?? null) === null);
  return lacked?.api?.join('.');
}

/** Whether a response has the requested key. */
const hasKey = ({ fields, key }: Compiled<ResourceDefinition>, asked: ValueRecord, object: JsonObject): boolean =>
  fields.every(({ name, api }) => !key.includes(name) || !api || (dig(object, api) ?? null) === (asked[name] ?? null));

/** Top-level API fields that list entries need to answer a read. */
export function readableFields(compiled: Compiled<ResourceDefinition>): string[] {
  return compiled.fields.flatMap(({ api, facts }) =>
    api?.[0] && !facts.notReturned && !facts.writeOnly && !facts.createOnly ? [api[0]] : [],
  );
}

/** Whether a response has the values that were unknown in the plan. */
export const tellsUnknown = (fields: readonly Field[], planned: ValueRecord, object: JsonObject): boolean =>
  fields.every(({ name, api }) => !api || isKnown(planned[name] ?? null) || dig(object, api) !== undefined);

/** A proxy or cache that mixes up responses must not make the provider manage, or delete, another object. */
function otherObject({ key, definition }: Compiled<ResourceDefinition>, asked: ValueRecord, told: ValueRecord): Diagnostic | undefined {
  const name = key.find((part) => typeof asked[part] === 'string' && asked[part] !== told[part]);
  if (name === undefined) return undefined;
  const detail = `The request was for the ${definition.type} with ${name} "${String(asked[name])}", but the server returned the one with ${name} "${String(told[name])}". The state is unchanged. Check for a proxy that mixes up responses, and whether the server changes names.`;
  return error('Unexpected Answer', detail);
}

/** The error for an object that has the name but is of another kind. */
export function otherKind(definition: ResourceDefinition, object: JsonObject): Diagnostic | undefined {
  const facts = kindsApart(definition.binding, object);
  if (facts.length === 0) return undefined;
  return error(
    'Object of Another Type',
    `The server has an object of that name, but not of type ${definition.type}: it has ${facts.join(', ')}. Use the matching resource type, or rename or remove it on the server.`,
  );
}
