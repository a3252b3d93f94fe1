import { camelCase } from '../common/names';

/**
 * What a definition does not say of the server, and the contract suite has to know. Attributes are named as in the definition, with
 * the type before them where it matters: `members` or `acme_team.members`.
 */
export interface Hints {
  /** Two values for an attribute that has to agree with what is on the server, or with another attribute. @default any two that its type allows */
  readonly values?: Readonly<Record<string, readonly [one: unknown, other: unknown]>>;
  /** Attributes besides the key that no two objects have alike. @default none */
  readonly unique?: readonly string[];
  /** Attributes that the server never lets change. @default none */
  readonly fixed?: readonly string[];
  /** Attributes that cannot be unset once they are set. @default none */
  readonly lasting?: readonly string[];
}

/** The two values for an attribute; nothing for all that need no hint. */
export function valuesHinted({ values = {} }: Hints, type: string, name: string): readonly [unknown, unknown] | undefined {
  const key = camelCase(name);
  return values[`${type}.${key}`] ?? values[key];
}

/** Whether a list of attributes has this one. */
export function isHinted(list: readonly string[] | undefined, type: string, name: string): boolean {
  const key = camelCase(name);
  return list?.some((entry) => entry === key || entry === `${type}.${key}`) ?? false;
}
