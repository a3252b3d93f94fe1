import { type PlanRecord, type PlanValue, sameValue, Secret, valueAt } from '../plans/value';
import type { Field } from '../schema/define/shape';
import { type Effect, effect, type States } from './effect';

/** The attributes that `secret()` declares for one secret, by their roles. */
interface SecretFields {
  readonly plain: Field | undefined;
  readonly version: Field | undefined;
  readonly revision: Field | undefined;
  readonly writeOnly: Field;
}

function secretsIn(fields: readonly Field[]): SecretFields[] {
  const of = (key: string): Field | undefined => fields.find((field) => field.key === key);
  return fields.flatMap((field) => {
    const { rotation } = field.facts;
    return rotation
      ? [{ plain: of(rotation.plain), version: of(rotation.version), revision: of(rotation.revision), writeOnly: field }]
      : [];
  });
}

/** Whether an attribute is one of those that make up a secret, which are told of together. */
export const isOfSecret = (field: Field, fields: readonly Field[]): boolean =>
  secretsIn(fields).some((secret) => Object.values(secret).includes(field));

/** What becomes of secrets; never what they are. */
export function credentialEffects({ fields, before, after, path }: States): Effect[] {
  return secretsIn(fields).flatMap(({ plain, version, revision, writeOnly }) => {
    const at = (values: PlanRecord, field: Field | undefined): PlanValue => (field ? valueAt(values, field.name) : null);
    const [old, next] = [before, after].map((values) => ({
      plain: at(values, plain),
      revision: at(values, revision),
      version: at(values, version),
    }));
    if (!old || !next) return [];
    const said = verb({ ...old, isSet: isSet(old) }, { ...next, isSet: isSet(next) });
    const name = plain?.name ?? writeOnly.name;
    const hide = (set: boolean): PlanValue => (set ? new Secret('') : null);
    return said === undefined
      ? []
      : [effect('credentials', { path: [...path, name], before: hide(isSet(old)), after: hide(isSet(next)) }, [said])];
  });
}

interface State {
  readonly plain: PlanValue;
  readonly revision: PlanValue;
  readonly version: PlanValue;
}

const isSet = ({ plain, revision }: State): boolean => (plain !== null && !(plain instanceof Secret && plain.isEmpty)) || revision !== null;

function verb(old: State & { readonly isSet: boolean }, next: State & { readonly isSet: boolean }): string | undefined {
  if (!old.isSet) return next.isSet ? 'is set' : undefined;
  if (!next.isSet) return next.plain instanceof Secret ? 'is cleared' : 'is no longer managed here';
  const same = (['plain', 'revision', 'version'] as const).every((name) => sameValue(old[name], next[name]));
  if (same) return undefined;
  if (old.plain !== null && next.plain === null) return 'is write-only now, and no longer kept in the state';
  return 'rotates';
}
