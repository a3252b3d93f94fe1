import { randomInt } from 'node:crypto';

const SIGNS = 'abcdefghijklmnopqrstuvwxyz1234567890';
const LENGTH = 14;

/** A new id of letters and digits behind a prefix. */
export function newId(prefix: string): string {
  return prefix + Array.from({ length: LENGTH }, () => SIGNS.charAt(randomInt(SIGNS.length))).join('');
}
