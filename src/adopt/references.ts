import { isList, isRecord, type Value, type ValueRecord } from '../common/value';
import type { ReferenceTarget } from '../schema/define/attribute';
import type { Field, Shape } from '../schema/define/shape';
import { containersOf, isMeant } from '../handler/listing';
import type { FoundObject } from './estate';

/** An attribute of another object in place of its value. */
export class Reference {
  constructor(
    readonly to: FoundObject,
    /** The camelCase attribute. */
    readonly attribute: string,
    /** What it stands for. */
    readonly value: string,
  ) {}
}

/** A configuration under camelCase names, with references where it names other objects. */
export type Tree = Readonly<Record<string, unknown>>;

/** Finds the objects that configurations name. */
export class References {
  private readonly byValue = new Map<string, FoundObject[]>();

  constructor(private readonly objects: readonly FoundObject[]) {}

  /** The configuration of an object, in the form that code is written from. */
  treeOf(object: FoundObject): Tree {
    return this.members(object.compiled.fields, object.config, object);
  }

  private members(fields: readonly Field[], values: ValueRecord, owner: FoundObject): Tree {
    return Object.fromEntries(
      fields.flatMap((field) => {
        const value = values[field.name] ?? null;
        if (value === null) return [];
        return [[field.key, this.value(field.shape, value, { refersTo: field.facts.refersTo, beside: values, owner })]];
      }),
    );
  }

  private value(shape: Shape, value: Value, place: Place): unknown {
    if (typeof value === 'string' && place.refersTo) return this.find(value, place, place.refersTo) ?? value;
    if (shape.kind === 'object') return isRecord(value) ? this.members(shape.fields, value, place.owner) : value;
    if (!('element' in shape)) return typeof value === 'bigint' ? Number(value) : value;
    if (isList(value)) return value.map((item) => this.value(shape.element, item, place));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.value(shape.element, item, { ...place, refersTo: undefined })]),
    );
  }

  /** The one object that a value names; nothing if there is none, or more than one. */
  private find(value: string, { beside, owner }: Place, { type, attribute }: ReferenceTarget): Reference | undefined {
    const named = this.having(attribute, value).filter((object) => object !== owner && isMeant(type, object.type));
    const fitting = named.filter((object) =>
      containersOf(object.compiled).every((part) => !Object.hasOwn(beside, part) || beside[part] === object.values[part]),
    );
    const [only, ...others] = fitting;
    return only && others.length === 0 ? new Reference(only, attribute, value) : undefined;
  }

  private having(attribute: string, value: string): readonly FoundObject[] {
    if (this.byValue.size === 0 && this.objects.length > 0) this.index();
    return this.byValue.get(`${attribute}\u0000${value}`) ?? [];
  }

  /** By every text of every object: which attributes are referred to, no object knows. */
  private index(): void {
    for (const object of this.objects) {
      for (const { key, name } of object.compiled.fields) {
        const value = object.values[name];
        if (typeof value !== 'string' || value === '') continue;
        const at = `${key}\u0000${value}`;
        const having = this.byValue.get(at);
        if (having) having.push(object);
        else this.byValue.set(at, [object]);
      }
    }
  }
}

interface Place {
  readonly refersTo: ReferenceTarget | undefined;
  readonly beside: ValueRecord;
  readonly owner: FoundObject;
}

/** Every reference in a tree. */
export function referencesIn(tree: unknown): readonly Reference[] {
  if (tree instanceof Reference) return [tree];
  if (Array.isArray(tree)) return tree.flatMap(referencesIn);
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(referencesIn) : [];
}

/** A tree with each text replaced, keys of maps included. */
export function withTexts(tree: unknown, replace: (text: string) => string): unknown {
  if (typeof tree === 'string') return replace(tree);
  if (Array.isArray(tree)) return tree.map((item) => withTexts(item, replace));
  if (typeof tree !== 'object' || tree === null || Object.getPrototypeOf(tree) !== Object.prototype) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [replace(key), withTexts(item, replace)]));
}

/** A tree with each reference replaced. */
export function withReferences(tree: unknown, replace: (reference: Reference) => unknown): unknown {
  if (tree instanceof Reference) return replace(tree);
  if (Array.isArray(tree)) return tree.map((item) => withReferences(item, replace));
  if (typeof tree !== 'object' || tree === null || Object.getPrototypeOf(tree) !== Object.prototype) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, withReferences(item, replace)]));
}
