import { randomBytes } from 'node:crypto';
import { Decimal, type Value } from '../../common/value';
import { WireError } from '../wire/error';

const MAX_DEPTH = 256;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Marks the text of a number that `JSON.parse` would round; random, so that no string of a user can carry it. */
const MARK = `${randomBytes(12).toString('hex')}:`;

/** Decodes a value from JSON, keeping numbers exact; throws a `WireError` when the text is not JSON. */
export function fromJson(text: string): Value {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
    if (/\d{16}|\d\.\d{15}|[eE]/.test(text))
      parsed = JSON.parse(text.replace(TOKEN, (token) => (isExact(token) ? token : `"${MARK}${token}"`)));
  } catch {
    throw new WireError('a value is not JSON');
  }
  return toValue(parsed, 0);
}

function isExact(token: string): boolean {
  if (token.startsWith('"')) return true;
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(Number(token));
  return (
    token
      .replace(/[eE].*$/, '')
      .replace(/\D/g, '')
      .replace(/^0+/, '').length <= 15 && Number.isFinite(Number(token))
  );
}

function toValue(json: unknown, depth: number): Value {
  if (depth > MAX_DEPTH) throw new WireError(`a value is nested more than ${MAX_DEPTH} levels deep`);
  if (typeof json === 'string') return json.startsWith(MARK) ? toNumber(json.slice(MARK.length)) : json;
  if (typeof json !== 'object' || json === null) return json as null | boolean | number;
  if (Array.isArray(json)) return json.map((item) => toValue(item, depth + 1));
  const record: Record<string, Value> = {};
  for (const [key, item] of Object.entries(json)) {
    if (key === '__proto__') throw new WireError('a key may not be "__proto__"');
    record[key] = toValue(item, depth + 1);
  }
  return record;
}

function toNumber(text: string): Value {
  return /^-?\d+$/.test(text) ? BigInt(text) : new Decimal(text);
}
