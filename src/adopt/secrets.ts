import { snakeCase } from '../common/names';
import type { Field } from '../schema/define/shape';
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
    const { rotation, conflicts = [] } = field.facts;
    if (!field.facts.writeOnly || !rotation || conflicts.some((key) => key in tree)) return [];
    return goesWith(field, compiled.fields, tree) ? [{ attribute: field.key, name: snakeCase(rotation.plain) }] : [];
  });
}

/** Whether something that is set needs the secret, or is all that it needs. */
function goesWith({ key, facts }: Field, fields: readonly Field[], tree: Tree): boolean {
  const { requires = [], rotation } = facts;
  const own = new Set([key, rotation?.plain]);
  if (requires.length > 0) return requires.every((name) => name in tree);
  return fields.some((field) => field.key in tree && field.facts.requires?.some((name) => own.has(name)));
}
