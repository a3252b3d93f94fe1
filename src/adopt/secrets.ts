import { snakeCase } from '../common/names';
import type { FoundObject } from './estate';
import type { Tree } from './references';

/** A secret that an object probably has, and that no server tells. */
export interface SecretSlot {
  /** The camelCase attribute, e.g. `passwordWo`. */
  readonly attribute: string;
  /** What it is called without its suffix, e.g. `password`. */
  readonly name: string;
}

/** The secrets that the values of an object go with, such as the password of its user name. */
export function secretsOf({ compiled }: FoundObject, tree: Tree): readonly SecretSlot[] {
  return compiled.fields.flatMap((field) => {
    const { rotation, conflicts = [], requires = [] } = field.facts;
    if (!field.facts.writeOnly || !rotation || conflicts.some((key) => key in tree)) return [];
    return requires.length > 0 && requires.every((key) => key in tree) ? [{ attribute: field.key, name: snakeCase(rotation.plain) }] : [];
  });
}
