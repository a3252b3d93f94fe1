import type { FoundObject } from './estate';

/** A block of a stack: what it sets, by attribute. */
type Block = Readonly<Record<string, unknown>>;

/** A stack as a CDK core synthesized it: Terraform's JSON configuration. */
export interface SynthesizedStack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
  readonly output?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly variable?: Readonly<Record<string, unknown>>;
}

/** The server that was read. */
export interface Server {
  readonly provider: string;
  readonly url: string;
}

/** What stacks manage of the objects of a server. */
export interface Managed {
  readonly objects: ReadonlySet<FoundObject>;
  /** What a resource may manage whose name only Terraform can tell, with the address of the resource. */
  readonly doubtful: ReadonlyMap<FoundObject, string>;
}

/** The objects that stacks manage already: by their types and identities, wherever in the code they are. */
export function managedIn(all: readonly SynthesizedStack[], objects: readonly FoundObject[], server?: Server): Managed {
  const stacks = server ? ofServer(all, server) : all;
  const byKey = new Map(objects.map((object) => [textOf(object.type, object.key), object]));
  const byId = new Map(objects.map((object) => [textOf(object.type, [object.id]), object]));
  const managed = new Set<FoundObject>();
  for (const { to, id } of stacks.flatMap((stack) => stack.import ?? [])) {
    const found = byId.get(textOf(to.split('.')[0] ?? '', [unescaped(id)]));
    if (found) managed.add(found);
  }
  const resources = new Resources(stacks, byKey);
  resources.match();
  for (const found of resources.found.values()) managed.add(found);
  const doubtful = new Map([...resources.doubts(objects)].filter(([object]) => !managed.has(object)));
  return { objects: managed, doubtful };
}

/**
 * Stacks without the resources of other servers, where one app is for several: where a provider block has the URL that was read, the
 * resources of those with another URL are none of its objects.
 */
function ofServer(stacks: readonly SynthesizedStack[], { provider, url }: Server): readonly SynthesizedStack[] {
  const blocks = (stack: SynthesizedStack): readonly Block[] => stack.provider?.[provider] ?? [];
  if (!stacks.some((stack) => blocks(stack).some(({ endpoint }) => isSame(endpoint, url)))) return stacks;
  return stacks.map((stack) => {
    const others = blocks(stack).filter(
      ({ endpoint }) => typeof endpoint === 'string' && !endpoint.includes('${') && !isSame(endpoint, url),
    );
    const names = new Set(others.map(({ alias }) => (typeof alias === 'string' ? `${provider}.${alias}` : undefined)));
    const isOther = (values: Block): boolean => names.has(values['provider'] as string | undefined);
    const resource = Object.entries(stack.resource ?? {}).map(([type, named]) => [
      type,
      Object.fromEntries(Object.entries(named).filter(([, values]) => !type.startsWith(`${provider}_`) || !isOther(values))),
    ]);
    const kept = (to: string): boolean => {
      const [type = '', label = ''] = to.split('.');
      const values = stack.resource?.[type]?.[label];
      return !values || !isOther(values);
    };
    return { ...stack, resource: Object.fromEntries(resource), import: (stack.import ?? []).filter(({ to }) => kept(to)) };
  });
}

const isSame = (endpoint: unknown, url: string): boolean =>
  typeof endpoint === 'string' && endpoint.replace(/\/+$/, '').toLowerCase() === url.replace(/\/+$/, '').toLowerCase();

/** A resource of a stack, or one of those that a `for_each` makes of it. */
interface Instance {
  readonly stack: number;
  readonly type: string;
  readonly label: string;
  readonly values: Block;
  /** What `each.key`, `each.value` and `count.index` stand for. */
  readonly each: Readonly<Record<string, string>>;
}

/** The resources of stacks, and the objects that they are. */
class Resources {
  /** By stack and address; of several that a `for_each` makes, by their keys. */
  readonly found = new Map<string, FoundObject>();
  private readonly some: ReadonlyMap<string, FoundObject>;
  private readonly instances: readonly Instance[];

  constructor(
    private readonly stacks: readonly SynthesizedStack[],
    private readonly byKey: ReadonlyMap<string, FoundObject>,
  ) {
    this.some = new Map([...byKey.values()].map((object) => [object.type, object]));
    this.instances = stacks.flatMap(({ resource = {} }, stack) =>
      Object.entries(resource).flatMap(([type, named]) =>
        this.some.has(type)
          ? Object.entries(named).flatMap(([label, values]) => eachOf(values).map((each) => ({ stack, type, label, values, each })))
          : [],
      ),
    );
  }

  /** Finds the objects. A resource that refers to others is found after these. */
  match(): void {
    for (let before = -1; this.found.size > before;) {
      before = this.found.size;
      for (const instance of this.instances) {
        const name = nameOf(instance);
        const key = this.found.has(name) ? undefined : this.keyOf(instance);
        const object = key?.every((part) => typeof part === 'string') ? this.byKey.get(textOf(instance.type, key)) : undefined;
        if (object) this.found.set(name, object);
      }
    }
  }

  /** What resources may be whose keys are not known: all objects of their types that fit what is known of the keys. */
  *doubts(objects: readonly FoundObject[]): Iterable<[FoundObject, string]> {
    for (const instance of this.instances) {
      const key = this.keyOf(instance);
      if (key.every((part) => typeof part === 'string')) continue;
      const address = `${instance.type}.${instance.label}`;
      for (const object of objects)
        if (object.type === instance.type && key.every((part, at) => fits(part, object.key[at] ?? ''))) yield [object, address];
    }
  }

  /** The key that a resource has; a pattern for each part that only Terraform can tell. */
  private keyOf(instance: Instance): readonly (string | RegExp)[] {
    const { compiled } = this.some.get(instance.type) as FoundObject;
    return compiled.key.map((name) => {
      const written = instance.values[name] ?? compiled.fields.find((field) => field.name === name)?.default ?? '';
      return typeof written === 'string' ? this.meaning(written, instance) : /^/;
    });
  }

  /** What a text stands for, with references to what is known. */
  private meaning(text: string, instance: Pick<Instance, 'stack' | 'each'>): string | RegExp {
    const parts = text
      .split(/((?<!\$)\$\{[^{}]*\})/)
      .map((part, at) => (at % 2 === 0 ? unescaped(part) : this.value(part.slice(2, -1).trim(), instance)));
    if (parts.every((part) => part !== undefined)) return parts.join('');
    return new RegExp(`^${parts.map((part) => (part === undefined ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('')}$`, 's');
  }

  /** What an expression stands for: an attribute of what is found, an output of another stack, or the element of a loop. */
  private value(expression: string, { stack, each }: Pick<Instance, 'stack' | 'each'>): string | undefined {
    if (Object.hasOwn(each, expression)) return each[expression];
    const output = /^data\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)$/.exec(expression)?.[1];
    if (output !== undefined) {
      const home = this.stacks.findIndex((one) => one.output && Object.hasOwn(one.output, output));
      const value = this.stacks[home]?.output?.[output]?.value;
      const meant = typeof value === 'string' ? this.meaning(value, { stack: home, each: {} }) : undefined;
      return typeof meant === 'string' ? meant : undefined;
    }
    const [, address = '', attribute = ''] = /^([a-z0-9_]+\.[\w-]+(?:\[[^\]]*\])?)\.([a-z0-9_]+)$/.exec(expression) ?? [];
    const value = this.found.get(`${stack} ${address}`)?.values[attribute];
    return typeof value === 'string' ? value : undefined;
  }
}

/** What the elements of a loop are called in it, where they are written out; what they are is not known where they are computed. */
function eachOf({ for_each: elements, count }: Block): Instance['each'][] {
  if (typeof count === 'number') return Array.from({ length: count }, (_, index) => ({ 'count.index': String(index) }));
  const written = typeof elements === 'string' ? /^\$\{(?:toset\()?(\[.*\])\)?\}$/s.exec(elements)?.[1] : undefined;
  const list = written === undefined ? undefined : textsIn(written);
  if (list) return list.map((text) => ({ 'each.key': text, 'each.value': text }));
  if (typeof elements === 'object' && elements !== null) {
    return Object.entries(elements).map(([key, value]) => ({
      'each.key': unescaped(key),
      ...(typeof value === 'string' && { 'each.value': unescaped(value) }),
      ...Object.fromEntries(Object.entries(Object(value) as object).map(([name, one]) => [`each.value.${name}`, String(one)])),
    }));
  }
  return [{}];
}

/** The texts of a list as HCL has it, if it has nothing else. */
function textsIn(list: string): string[] | undefined {
  try {
    const read: unknown = JSON.parse(list);
    return Array.isArray(read) && read.every((one) => typeof one === 'string') ? read : undefined;
  } catch {
    return undefined;
  }
}

const nameOf = ({ stack, type, label, each }: Instance): string => {
  const key = each['each.key'] === undefined ? each['count.index'] : JSON.stringify(each['each.key']);
  return `${stack} ${type}.${label}${key === undefined ? '' : `[${key}]`}`;
};

const fits = (part: string | RegExp, own: string): boolean => (typeof part === 'string' ? part === own : part.test(own));

/** Openings of templates are doubled where they stand for themselves. */
const unescaped = (text: string): string => text.replace(/([$%])\1\{/g, '$1{');

const textOf = (type: string, key: readonly string[]): string => JSON.stringify([type, ...key]);
