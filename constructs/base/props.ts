import type { IConstruct } from 'constructs';
import { nearest } from '../../src/common/nearest';
import { setProblems } from './problems';

/** Each property and whether it must be set; the compiler ensures that none is left out. */
export type PropNames<P> = { readonly [K in keyof P]-?: object extends Pick<P, K> ? 'optional' : 'required' };

/** Records properties of a hand-written construct that do not exist or are missing: without type checking, nothing else would notice. */
export function checkProps<P extends object>(construct: IConstruct, props: P, names: PropNames<P>): void {
  const known = Object.keys(names);
  const given = Object.entries(props).flatMap(([key, value]) => (value === undefined || value === null ? [] : [key]));
  const unknown = Object.keys(props).filter((key) => !known.includes(key));
  const missing = known.filter((key) => names[key as keyof P] === 'required' && !given.includes(key));
  setProblems(construct, 'props', [
    ...unknown.map((key) => unknownText(key, known)),
    ...missing.map((key) => `the property "${key}" is required`),
  ]);
}

function unknownText(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `there is no property "${key}"; ${meant ? `did you mean "${meant}"?` : `the properties are ${known.join(', ')}`}`;
}
