import { type Diagnostic, error } from '../common/diagnostic';
import { isRecord, type Value, type ValueRecord } from '../common/value';
import { fromApi } from '../schema/from-api';
import type { Field } from '../schema/shape';
import type { TypedConfigRequest } from './provider';
import { deriveObserved } from './plan-values';
import { type Session, serverOf } from './session';

/** Reads a data source. */
export async function readDataSource(
  session: Session,
  { type, config }: TypedConfigRequest,
): Promise<{ state: Value; diagnostics: Diagnostic[] }> {
  const { definition, fields } = session.catalog.dataSource(type);
  const given = isRecord(config) ? config : {};
  const { client } = session.connected();
  const told = fields.flatMap(({ api }) => (api?.[0] ? [api[0]] : []));
  const answer = await definition.read(serverOf(session.connected(), client, told), withDefaults(fields, given));
  if (!answer)
    return {
      state: null,
      diagnostics: [
        error('Not Found', `The server has nothing that ${type} asks for. Check its arguments and the endpoint (${client.endpoint}).`),
      ],
    };
  // What the configuration leaves open has no wording of its own to keep: an empty list stays one.
  const read = fromApi(fields, answer, withoutNulls(withDefaults(fields, given)));
  if (read.problems)
    return {
      state: null,
      diagnostics: [
        error('Unexpected Answer', `The server's answer for ${type} does not have the documented form: ${read.problems.join('; ')}.`),
      ],
    };
  return { state: deriveObserved(fields, { ...read.values, ...withoutNulls(given) }, { server: client }), diagnostics: [] };
}

/** What the configuration leaves out and has a default for. */
export const withDefaults = (fields: readonly Field[], given: ValueRecord): ValueRecord =>
  Object.fromEntries(fields.map((field) => [field.name, given[field.name] ?? field.default ?? null]));

/** What is set. */
export const withoutNulls = (values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
