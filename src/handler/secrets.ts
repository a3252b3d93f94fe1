import { isUrl } from '../common/urls';
import type { Value, ValueRecord } from '../common/value';
import type { Client } from '../client/client';
import { shortestSecret } from '../client/redact';
import { hits, rewrite, search } from '../schema/api/walk';
import { type Field, isHidden } from '../schema/define/shape';
import type { Compiled } from './compiled';
import type { Session } from './session';

const hidden = search(isHidden);

/** The sensitive strings among values, at any depth. */
export const secretTexts = (fields: readonly Field[], values: Value): string[] =>
  hits(hidden(fields), values).flatMap(({ value }) => textsIn(value));

/** The values of fields without sensitive ones: such attributes are omitted, such members of objects are null. */
export function withoutSecrets(fields: readonly Field[], values: ValueRecord): ValueRecord {
  const shown = fields.filter((field) => !isHidden(field));
  const cleaned = rewrite(hidden(shown), values, () => null);
  return Object.fromEntries(shown.flatMap(({ name }) => (cleaned[name] === undefined ? [] : [[name, cleaned[name]]])));
}

/** Registers the secrets among values with the client, so that no message shows them. */
export function hideSecrets(client: Pick<Client, 'redactor'>, { fields }: Compiled<unknown>, sources: readonly Value[]): void {
  for (const source of sources) for (const text of secretTexts(fields, source)) client.redactor.add(text);
}

/** Treats everything that a server returned for a run as secret, except what is in `known`: the configuration, and names in messages. */
export function hideAnswer(session: Session, answers: readonly unknown[], known: { given?: ValueRecord; what: string }): void {
  const open = new Set(textsIn(known.given));
  for (const text of answers.flatMap(textsIn).flatMap((one) => [one, ...credentialsIn(one)])) {
    if (text.length >= shortestSecret && !open.has(text) && !known.what.includes(text)) session.hide(text);
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A server may return a token separately that is also part of a URL. */
function credentialsIn(text: string): string[] {
  if (!/[?@]/.test(text) || !isUrl(text, 'http://any')) return [];
  const { searchParams, password } = new URL(text, 'http://any');
  return [...searchParams.values(), decodeURIComponent(password)].filter((part) => part.length >= 2 * shortestSecret);
}
