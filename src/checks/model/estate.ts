import type { Declared, Estate as Described } from '../../plans/plan';
import { type Link as NamedLink, linksOf } from '../../plans/links';
import { valueAt } from '../../plans/value';
import type { CheckedEstate, CheckedResource, CheckedStack, Link } from '../define/model';
import { Provider, Resource } from './resource';

/** A stack or a plan to check. */
export interface StackInput extends Described {
  readonly name: string;
  readonly backend?: string | undefined;
  /** Whether it is a plan, which has the values of variables. */
  readonly isPlanned: boolean;
}

type Found = Link & { readonly path: string };

/** A stack as rules see it. */
export class Stack implements CheckedStack {
  readonly resources: readonly Resource[];
  readonly providers: readonly Provider[];

  constructor(
    readonly input: StackInput,
    links: (declared: Declared) => readonly Found[],
  ) {
    const { objects, providers, isPlanned } = input;
    this.providers = providers.map((block) => new Provider(block, this, isPlanned));
    const server = serversOf(input);
    this.resources = objects
      .filter(({ mode }) => mode === 'managed')
      .map((declared) => new Resource(declared, { stack: this, isPlanned, server: server(declared), links: () => links(declared) }));
  }

  get name(): string {
    return this.input.name;
  }

  /** A stack without a backend keeps its state in a local file; of a plan nobody knows. */
  get backend(): string | undefined {
    return this.input.backend ?? (this.input.isPlanned ? undefined : 'local');
  }
}

/** What is checked together. */
export class Estate implements CheckedEstate {
  readonly stacks: readonly Stack[];
  private readonly byDeclared: ReadonlyMap<Declared, Resource>;
  private found: ReadonlyMap<Declared, readonly NamedLink[]> | undefined;
  private names: ReadonlySet<string> | undefined;
  private incoming: ReadonlyMap<CheckedResource, { from: Resource; attribute: string }[]> | undefined;

  constructor(inputs: readonly StackInput[]) {
    this.stacks = inputs.map((input) => new Stack(input, (declared) => this.linksFrom(declared)));
    this.byDeclared = new Map(this.resources.map((resource) => [resource.declared, resource]));
  }

  get resources(): readonly Resource[] {
    return this.stacks.flatMap(({ resources }) => resources);
  }

  linksTo(resource: CheckedResource): readonly { readonly from: Resource; readonly attribute: string }[] {
    this.incoming ??= this.incomingLinks();
    return this.incoming.get(resource) ?? [];
  }

  private linksFrom(declared: Declared): readonly Found[] {
    this.found ??= this.allLinks();
    return (this.found.get(declared) ?? []).map(({ path, value, to }) => ({
      path,
      value,
      to: to && this.byDeclared.get(to),
      isDeclared: to !== undefined || value === undefined || this.isName(value),
    }));
  }

  /** By those of the same stack first: another one may be for another server, with the same names. */
  private allLinks(): ReadonlyMap<Declared, readonly NamedLink[]> {
    const all = new Map<Declared, NamedLink[]>();
    const add = (link: NamedLink): void => void (all.get(link.from)?.push(link) ?? all.set(link.from, [link]));
    const open = new Set<string>();
    const idOf = ({ from, path }: NamedLink): string => `${this.byDeclared.get(from)?.stack.name ?? ''} ${from.address} ${path}`;
    for (const link of this.stacks.flatMap(({ input }) => linksOf(input))) {
      if (!link.to && this.stacks.length > 1) open.add(idOf(link));
      else add(link);
    }
    if (open.size > 0)
      for (const link of linksOf({ objects: this.stacks.flatMap(({ input }) => input.objects), providers: [] }))
        if (open.has(idOf(link))) add(link);
    return all;
  }

  /** Whether any object has that name: of several, none can be told to be meant. */
  private isName(value: string): boolean {
    this.names ??= new Set(
      this.resources.flatMap(({ declared: { known, values } }) =>
        (known?.fields ?? [])
          .map(({ name }) => valueAt(values, name))
          .filter((one): one is string => typeof one === 'string' && one !== ''),
      ),
    );
    return this.names.has(value);
  }

  private incomingLinks(): ReadonlyMap<CheckedResource, { from: Resource; attribute: string }[]> {
    const all = new Map<CheckedResource, { from: Resource; attribute: string }[]>();
    for (const from of this.resources)
      for (const { to, path } of this.linksFrom(from.declared)) {
        const attribute = path.replace(/[.[].*$/, '');
        if (to) all.set(to, [...(all.get(to) ?? []), { from, attribute }]);
      }
    return all;
  }
}

/** Tells the servers of a stack apart: by endpoint if it is written, or else by stack and provider. */
function serversOf({ name, providers }: StackInput): (declared: Declared) => string {
  const keyOf = (source: string): string => {
    const own = providers.filter((block) => block.source === source);
    const endpoints = own.map(({ values }) => valueAt(values, 'endpoint'));
    const [only] = endpoints;
    return endpoints.length === 1 && typeof only === 'string' ? `${source} ${only.replace(/\/+$/, '')}` : `${source} ${name}`;
  };
  const made = new Map<string, string>();
  return ({ source }) => {
    const key = made.get(source) ?? keyOf(source);
    made.set(source, key);
    return key;
  };
}
