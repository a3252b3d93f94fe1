import { Token } from 'cdktf';

/** Whether a value, or a part of a text, is known only to Terraform: tokens, and expressions written out as `${...}`. */
export function isToken(value: unknown): boolean {
  return (typeof value === 'string' && /[$%]\{/.test(value)) || Token.isUnresolved(value);
}

/** Whether a value is an object or a map, and neither a list nor a token. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isToken(value);
}
