import { type AttributePath, attributeName } from '../common/diagnostic';
import { UNKNOWN } from '../common/value';
import { membersOf } from '../schema/api/walk';
import type { ReferenceTarget } from '../schema/define/attribute';
import type { Field } from '../schema/define/shape';
import type { Declared, Estate } from './plan';
import { isList, isRecord, type PlanRecord, type PlanValue, valueAt } from './value';

/** An object that names another one, as the definitions say (`refersTo`): a virtual its members, a repository its project. */
export interface Link {
  readonly from: Declared;
  /** Where the name is, e.g. `members[0]` or `members[0].name`. */
  readonly path: string;
  /** The name; nothing if it is known only after apply. */
  readonly value?: string;
  /** The object of that name; nothing if the estate has none, or several. */
  readonly to?: Declared;
}

/** All that the objects of an estate name, in order; secret names are left out. */
export function linksOf(estate: Estate): Link[] {
  const index = new NameIndex(estate);
  return estate.objects.flatMap((from) => namesIn(from.known?.fields ?? [], from.values, []).map((named) => linkOf(named, from, index)));
}

function linkOf({ path, value, target, beside }: Named, from: Declared, index: NameIndex): Link {
  const at = attributeName(path);
  const referred = from.references.get(at) ?? (value === undefined ? from.references.get(`${path[0] as string}`) : undefined) ?? [];
  const exact = index.at(referred, target);
  const found = exact.length === 1 || value === undefined ? exact : index.named(value, target).filter((one) => isBeside(one, beside, from));
  return { from, path: at, ...(value !== undefined && { value }), ...(found.length === 1 && { to: found[0] as Declared }) };
}

/** Finds objects by address, and by what names them. */
class NameIndex {
  private readonly byAddress = new Map<string, Declared>();
  private readonly byType = new Map<string, Declared[]>();
  private readonly byName = new Map<ReferenceTarget, ReadonlyMap<string, readonly Declared[]>>();

  constructor({ objects }: Estate) {
    for (const object of objects) {
      this.byAddress.set(object.address, object);
      if (object.known) this.byType.set(object.type, [...(this.byType.get(object.type) ?? []), object]);
    }
  }

  /** The objects with these addresses that the target means. */
  at(addresses: readonly string[], { type }: ReferenceTarget): readonly Declared[] {
    return addresses.flatMap((address) => {
      const object = this.byAddress.get(address);
      return object && (typeof type === 'string' ? object.type === type : type.test(object.type)) ? [object] : [];
    });
  }

  /** The objects that the target means and that have that name. */
  named(value: string, target: ReferenceTarget): readonly Declared[] {
    const names = this.byName.get(target) ?? this.namesOf(target);
    this.byName.set(target, names);
    return names.get(value) ?? [];
  }

  private namesOf({ type, attribute }: ReferenceTarget): ReadonlyMap<string, readonly Declared[]> {
    const types = [...this.byType.keys()].filter((one) => (typeof type === 'string' ? one === type : type.test(one)));
    const names = new Map<string, Declared[]>();
    for (const object of types.flatMap((one) => this.byType.get(one) ?? [])) {
      const name = object.known?.fields.find(({ key }) => key === attribute)?.name ?? attribute;
      const value = valueAt(object.values, name);
      if (typeof value === 'string') names.set(value, [...(names.get(value) ?? []), object]);
    }
    return names;
  }
}

interface Named {
  readonly path: AttributePath;
  readonly value: string | undefined;
  readonly target: ReferenceTarget;
  /** The values beside it, which may say in which project the name is. */
  readonly beside: PlanRecord;
}

function namesIn(fields: readonly Field[], values: PlanRecord, path: AttributePath): Named[] {
  return fields.flatMap((field) => {
    const at = [...path, field.name];
    const value = valueAt(values, field.name);
    const { refersTo: target } = field.facts;
    const texts = target ? textsIn(value, at).map((text) => ({ ...text, target, beside: values })) : [];
    return [...texts, ...recordsIn(value, at).flatMap((one) => namesIn(membersOf(field.shape), one.record, one.path))];
  });
}

function textsIn(value: PlanValue, path: AttributePath): { value: string | undefined; path: AttributePath }[] {
  if (value === UNKNOWN) return [{ value: undefined, path }];
  if (typeof value === 'string') return value === '' ? [] : [{ value, path }];
  return isList(value) ? value.flatMap((item, index) => textsIn(item, [...path, index])) : [];
}

function recordsIn(value: PlanValue, path: AttributePath): { record: PlanRecord; path: AttributePath }[] {
  if (isList(value)) return value.flatMap((item, index) => recordsIn(item, [...path, index]));
  return isRecord(value) ? [{ record: value, path }] : [];
}

/** Whether an object is in the project (or whatever else its key refers to) that the values beside its name say; what is not known fits. */
function isBeside({ known, values }: Declared, beside: PlanRecord, from: Declared): boolean {
  const scopes = known?.fields.filter(({ name, facts }) => facts.refersTo && known.key.includes(name)) ?? [];
  return scopes.every(({ name }) => {
    const own = valueAt(values, name);
    const other = valueAt(beside, name) ?? valueAt(from.values, name);
    return other === null || own === UNKNOWN || other === UNKNOWN || own === other;
  });
}
