import type { FoundObject } from './estate';

/** A stack as a CDK core synthesized it: Terraform's JSON configuration. */
export interface SynthesizedStack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
}

/** The objects that stacks manage already: by their types and identities, wherever in the code they are. */
export function managedIn(stacks: readonly SynthesizedStack[], objects: readonly FoundObject[]): ReadonlySet<FoundObject> {
  const byKey = new Map(objects.map((object) => [keyText(object.type, object.key), object]));
  const managed = new Set<FoundObject>();
  for (const { resource = {}, import: imports = [] } of stacks) {
    for (const { to, id } of imports) {
      const found = objects.find((object) => object.id === id && to.startsWith(`${object.type}.`));
      if (found) managed.add(found);
    }
    for (const found of matched(resource, byKey)) managed.add(found);
  }
  return managed;
}

/** The objects that the resources of a stack are. One that refers to others is found after these. */
function matched(resources: NonNullable<SynthesizedStack['resource']>, byKey: ReadonlyMap<string, FoundObject>): Iterable<FoundObject> {
  const all = Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([label, values]) => ({ type, label, values })),
  );
  const some = new Map([...byKey.values()].map((object) => [object.type, object]));
  const found = new Map<string, FoundObject>();
  for (let before = -1; found.size > before;) {
    before = found.size;
    for (const { type, label, values } of all) {
      const like = some.get(type);
      if (!like || found.has(`${type}.${label}`)) continue;
      const key = like.compiled.key.map((name) => {
        const written = values[name] ?? like.compiled.fields.find((field) => field.name === name)?.default;
        return typeof written === 'string' ? meaning(written, found) : written === undefined || written === null ? '' : undefined;
      });
      const object = key.every((part) => part !== undefined) ? byKey.get(keyText(type, key)) : undefined;
      if (object) found.set(`${type}.${label}`, object);
    }
  }
  return found.values();
}

/** What a text stands for: itself, or the value of the attribute that it refers to; nothing if that is not known. */
function meaning(text: string, found: ReadonlyMap<string, FoundObject>): string | undefined {
  if (!text.includes('${')) return text;
  const [, address = '', attribute = ''] = /^\$\{([a-z0-9_]+\.[\w-]+)\.([a-z0-9_]+)\}$/.exec(text) ?? [];
  const value = found.get(address)?.values[attribute];
  return typeof value === 'string' ? value : undefined;
}

const keyText = (type: string, key: readonly string[]): string => JSON.stringify([type, ...key]);
