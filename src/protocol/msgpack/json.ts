import { parseJson } from '../../common/exact-json';
import { Decimal, isText, type Value } from '../../common/value';
import { BadValue, WireError, within } from '../wire/error';

const MAX_DEPTH = 256;

/** Decodes a value from JSON, keeping numbers exact; throws a `WireError` when the text is not JSON. */
export function fromJson(text: string): Value {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    throw new WireError('a value is not JSON');
  }
  return toValue(parsed, 0);
}

function toValue(json: unknown, depth: number): Value {
  if (depth > MAX_DEPTH) throw new WireError(`a value is nested more than ${MAX_DEPTH} levels deep`);
  if (typeof json === 'string') return whole(json);
  if (typeof json !== 'object' || json === null || json instanceof Decimal) return json as Value;
  if (Array.isArray(json)) return json.map((item, index) => within(index, () => toValue(item, depth + 1)));
  const record: Record<string, Value> = {};
  for (const [key, item] of Object.entries(json)) {
    if (key === '__proto__') throw new WireError('a key may not be "__proto__"');
    record[whole(key)] = within(key, () => toValue(item, depth + 1));
  }
  return record;
}

function whole(text: string): string {
  if (isText(text)) return text;
  throw new BadValue('the string contains an unpaired surrogate, which Terraform does not allow');
}
