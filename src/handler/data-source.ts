import { dig } from '../schema/define/json';
import { UnexpectedAnswer } from '../schema/define/errors';
import { type Diagnostic, error } from '../common/diagnostic';
import { isRecord, type Value, type ValueRecord } from '../common/value';
import { fromApi } from '../schema/api/from-api';
import type { Field } from '../schema/define/shape';
import type { TypedConfigRequest } from './provider';
import { deriveObserved } from './plan-values';
import { serverNow, type Session } from './session';

/** Reads a data source. */
export async function readDataSource(
  session: Session,
  { type, config }: TypedConfigRequest,
): Promise<{ state: Value; diagnostics: Diagnostic[] }> {
  const { definition, fields } = session.catalog.dataSource(type);
  const given = isRecord(config) ? config : {};
  const connection = session.connected();
  const { client, reader } = connection;
  const told = fields.flatMap(({ api }) => (api?.[0] ? [api[0]] : []));
  const diagnostics: Diagnostic[] = [];
  const answer = await reader.sure(client, (sure) =>
    definition.read({ ...serverNow(connection, sure, told), tell: (one) => diagnostics.push(one) }, withDefaults(fields, given)),
  );
  if (!answer) return { state: null, diagnostics: [notFound(type, shownOf(fields, given), client.endpoint)] };
  const stranger = fields.find(({ name, api }) => api && isText(given[name]) && dig(answer, api) !== given[name]);
  if (stranger)
    throw new UnexpectedAnswer(
      `the request was for ${stranger.name} "${String(given[stranger.name])}", but the response has the ${stranger.name} ${JSON.stringify(dig(answer, stranger.api ?? []) ?? null)}`,
    );
  // Where the configuration sets nothing, there is no prior form to keep: an empty list stays an empty list.
  const read = fromApi(fields, answer, withoutNulls(withDefaults(fields, given)));
  if (read.problems)
    return {
      state: null,
      diagnostics: [
        error('Unexpected Answer', `The server's answer for ${type} is not in the documented format: ${read.problems.join('; ')}.`),
      ],
    };
  return { state: await deriveObserved(fields, { ...read.values, ...withoutNulls(given) }, client), diagnostics };
}

const isText = (value: Value | undefined): boolean => typeof value === 'string' && value !== '';

const notFound = (type: string, asked: string, endpoint: string): Diagnostic =>
  error('Not Found', `The server at ${endpoint} has no ${type}${asked}. Check its arguments, and the endpoint including its path.`);

/** The arguments of a query, e.g. ` with project "payments" and name "npm"`. */
function shownOf(fields: readonly Field[], given: ValueRecord): string {
  const set = fields.filter(({ name, facts }) => !facts.sensitive && isText(given[name]));
  return set.map(({ name }, index) => `${index === 0 ? ' with' : ' and'} ${name} ${JSON.stringify(given[name])}`).join('');
}

/** The configuration with defaults for what it omits. */
export const withDefaults = (fields: readonly Field[], given: ValueRecord): ValueRecord =>
  Object.fromEntries(fields.map((field) => [field.name, given[field.name] ?? field.default ?? null]));

/** What is set. */
export const withoutNulls = (values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
