import { Token } from 'cdktf';

/** Whether a value, or a part of a text, is known only to Terraform: tokens, and expressions written out as `${...}`. */
export function isToken(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${') || value.includes('%{');
  if (typeof value === 'number') return value < tokenNumbers && Token.isUnresolved(value);
  if (Array.isArray(value) && value.length !== 1) return false;
  return typeof value === 'object' || typeof value === 'function' ? Token.isUnresolved(value) : false;
}

/** Numbers that stand for tokens are below; asking of others would cost more than all else in a large stack. */
const tokenNumbers = -1e200;

/** Whether a value is an object or a map, and neither a list nor a token. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isToken(value);
}
