import { camelCase } from '../common/names';

/**
 * Facts about the server that the contract suite needs and a definition does not contain. Attributes are named as in the definition, with
 * the type as an optional prefix: `members` or `acme_team.members`.
 */
export interface Hints {
  /** Two values for an attribute that must match something on the server, or another attribute. @default any two that its type allows */
  readonly values?: Readonly<Record<string, readonly [one: unknown, other: unknown]>>;
  /** Attributes besides the key that must be unique. @default none */
  readonly unique?: readonly string[];
  /** Attributes that the server never lets change. @default none */
  readonly fixed?: readonly string[];
  /** Attributes that cannot be unset once they are set. @default none */
  readonly lasting?: readonly string[];
  /** Computed attributes that the server may leave out. @default none: each has a value after a create */
  readonly omitted?: readonly string[];
  /** Whether a create refuses a configuration that validation accepts; unset attributes are `undefined`. @default none is refused */
  refuses?(type: string, config: Readonly<Record<string, unknown>>): boolean;
  /** Types of the actions whose example fails on the server, such as one that needs another server. @default all succeed */
  readonly failing?: readonly string[];
  /** Calls that are not sent again after their timeout, as `METHOD /path`. @default calls that read are sent again */
  readonly patient?: RegExp;
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
