import { Decimal, numberOf } from './value';

/** JSON texts in which no number is rounded: what a float64 does not hold is a `bigint` when it is whole and short, a `Decimal` otherwise. */

/** Where a number stands that may not fit: after a sign that a value follows, so that hardly any text within quotes looks like one. */
const suspect = /(?:^|[:,[])\s*-?(?:\d{16}|\d+\.\d{15}|\d[\d.]*[eE])/;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Stands before the text of such a number while the JSON library has it; random, so that no text of anybody begins so. */
let made: string | undefined;
const mark = (): string => (made ??= `${crypto.randomUUID()}:`);

/** Parses JSON. Throws a `SyntaxError` for all else. */
export function parseJson(text: string): unknown {
  const rounded: unknown = JSON.parse(text);
  if (!suspect.test(text)) return rounded;
  const begin = mark();
  const marked = outsideTexts(text, (part) => part.replace(number, (token) => (isExact(token) ? token : `"${begin}${token}"`)));
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(begin) ? exact(value.slice(begin.length)) : value,
  );
}

/** Writes JSON; `undefined` is null, as at the top of a body there is no leaving out. */
export function writeJson(value: unknown): string {
  let marks = false;
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item !== 'bigint' && !(item instanceof Decimal)) return item;
    marks = true;
    return mark() + (typeof item === 'bigint' ? String(item) : item.text);
  });
  if (text === undefined) return 'null';
  return marks ? text.replaceAll(new RegExp(`"${mark()}([^"]*)"`, 'g'), '$1') : text;
}

const exact = (token: string): unknown => numberOf(token) ?? new Decimal(token);

/** Applies a change to what stands between the texts of a valid JSON document. */
function outsideTexts(json: string, change: (part: string) => string): string {
  let changed = '';
  for (let at = 0; at < json.length;) {
    const begin = json.indexOf('"', at);
    if (begin < 0) return changed + change(json.slice(at));
    const end = endOfText(json, begin);
    changed += change(json.slice(at, begin)) + json.slice(begin, end);
    at = end;
  }
  return changed;
}

function endOfText(json: string, begin: number): number {
  for (let quote = json.indexOf('"', begin + 1); ; quote = json.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (json[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
}

/** Whether a float64 holds the number, as far as anybody can tell who wrote at most 15 digits. */
function isExact(token: string): boolean {
  const value = Number(token);
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(value);
  const digits = token
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits.length <= 15 && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}
