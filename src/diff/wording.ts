import { withoutUserInfo } from '../common/urls';
import { Decimal, UNKNOWN } from '../common/value';
import { HIDDEN, isList, isRecord, type PlanValue, Secret } from '../plans/value';

/** A part of a sentence that comes from a plan: a name, a value. Renderers take care that it is nothing but text. */
export interface Code {
  readonly code: string;
}

/** A sentence without its end, in parts. */
export type Wording = readonly (string | Code)[];

export const code = (text: string): Code => ({ code: text });

/** What stands for a value that is not known yet. */
export const LATER = '(known after apply)';

/** A value in a sentence. */
export function valueWords(value: PlanValue): Wording {
  if (value === null) return ['not set'];
  if (value === UNKNOWN) return [LATER];
  if (value instanceof Secret) return [HIDDEN];
  if (isList(value) && value.length === 0) return ['empty'];
  return [code(plainText(value))];
}

/** Values in a sentence, separated by commas. */
export const listWords = (items: readonly Wording[]): Wording => items.flatMap((item, index) => (index === 0 ? item : [', ', ...item]));

/** A value as one line: texts as they are, the rest as JSON. */
export function plainText(value: PlanValue): string {
  if (typeof value === 'string') return value === '' ? '""' : withoutUserInfo(value);
  return JSON.stringify(jsonValue(value, { later: LATER })) ?? 'null';
}

/** A value for JSON; secrets are never in it. */
export function jsonValue(value: PlanValue, { later }: { readonly later: string | null }): unknown {
  if (value === UNKNOWN) return later;
  if (value instanceof Secret) return HIDDEN;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Decimal) return value.text;
  if (typeof value === 'string') return withoutUserInfo(value);
  if (isList(value)) return value.map((item) => jsonValue(item, { later }));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonValue(item, { later })])) : value;
}
