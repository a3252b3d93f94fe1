import { Token } from 'cdktf';

/** Whether a value, or a part of a text, is known only to Terraform: tokens of every kind, and expressions written out as `${...}`. */
export function isToken(value: unknown): boolean {
  if (typeof value === 'string') return textMarkers.some((marker) => value.includes(marker)) || numberTokensIn(value).length > 0;
  if (typeof value === 'number') return isNumberToken(value);
  if (Array.isArray(value) && value.length !== 1) return false;
  return typeof value === 'object' || typeof value === 'function' ? Token.isUnresolved(value) : false;
}

/** Expressions written out, directives, and the core's markers for texts, lists and maps. */
const textMarkers = ['${', '%{', '#{TfToken[', '&{TfToken['] as const;

/** The number tokens in a text: `n${count.index}` has one, written out as a number near -8.1e+298. */
export function numberTokensIn(text: string): readonly string[] {
  if (!text.includes('e+2')) return [];
  return (text.match(/-\d(?:\.\d+)?e\+2\d\d/g) ?? []).filter((digits) => isNumberToken(Number(digits)));
}

function isNumberToken(value: number): boolean {
  return value < tokenNumbers && (Token.isUnresolved(value) || Token.isUnresolved([value]));
}

/** Numbers that stand for tokens are below; checking any other would dominate the time of a large stack. */
const tokenNumbers = -1e200;

/** Whether a value is an object or a map, and neither a list nor a token. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isToken(value);
}
