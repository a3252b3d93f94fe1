import { type Diagnostic, error } from '../common/diagnostic';
import { globOf, isLiteral } from '../common/glob';
import type { ValueRecord } from '../common/value';
import type { ListBinding, ListQuery, ObjectKey } from '../schema/define/binding';
import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { ApiError } from '../schema/define/errors';
import type { JsonObject } from '../schema/define/json';
import type { Field } from '../schema/define/shape';
import { ahead } from './ahead';
import { kindsApart } from './apart';
import { type Compiled, isOptional } from './compiled';
import { toDiagnostic } from './funnel';
import { managed, readableFields, valuesOf } from './read';
import { secretTexts } from './secrets';
import type { Session } from './session';

/** How many lists are tried before a login counts as one that may read none. */
const SAMPLED = 10;

/** An object on the server, or why one, or the objects of a list, cannot be shown. */
export type Listed = { readonly type: string; readonly id: string } & (
  | { readonly values: ValueRecord; readonly single: boolean }
  /** `isCutOff`: the server was not reached, so that all else would fail, too. */
  | { readonly problem: Diagnostic; readonly isCutOff?: boolean }
);

/** Keeps what a crawl has read, so that another one need not ask for it again. */
export interface CrawlMemory {
  /** What is kept under a name; nothing if it is not known. */
  recall(name: string): unknown;
  keep(name: string, read: unknown): void;
}

/** Which objects of a type are wanted. */
export interface Wanted {
  /** Patterns of what the parts of their key have to match, by Terraform's names. @default anything */
  readonly key?: ReadonlyMap<string, string>;
  /** Whether only their keys are wanted, so that none need be read by itself. @default false */
  readonly keysOnly?: boolean;
  /** Aborted when nobody waits for the rest. */
  readonly signal?: AbortSignal;
  /** Told what is on the server and is not for adoption, by the reason. */
  excepted?(why: string): void;
}

/** Whether objects of a type can be found without knowing them; without permission, only where the server writes nothing when it is asked. */
export const isListable = ({ binding: { list } }: ResourceDefinition, mayWrite = false): boolean =>
  list !== undefined && (list.writes === undefined || mayWrite);

/** Finds what a server has, list by list. One of these serves one crawl: what types have in common is asked for once. */
export class Listing {
  private readonly found = new Map<string, Promise<readonly Listed[]>>();
  /** What all else is answered with once the server is not reached: another try would wait as long, or undo a stop. */
  private cutOff: Listed | undefined;

  constructor(
    private readonly session: Session,
    private readonly memory?: CrawlMemory,
  ) {}

  /** All objects of a type, by list and as the server orders them. Never throws: what fails is among them. */
  objects(type: string): Promise<readonly Listed[]> {
    const known = this.found.get(type) ?? all(this.each(type));
    this.found.set(type, known);
    return known;
  }

  /** The same, each as it is found; no more is requested than is taken. */
  async *each(type: string, wanted: Wanted = {}): AsyncGenerator<Listed, void> {
    const compiled = this.session.catalog.resource(type);
    const { list } = compiled.definition.binding;
    if (!list) return;
    const seen = new Set<string | Listed>();
    try {
      const open = async (query: ListQuery): Promise<Opened> => {
        const objects = this.remembered({ compiled, list, wanted }, query);
        return { first: await objects.next(), objects };
      };
      for await (const { first, objects } of ahead(await this.queries(compiled, list, wanted), 4, open)) {
        if (first.done) continue;
        for await (const one of chain(first.value, objects)) {
          // What several lists have, such as a permission on two repositories, is one object.
          if (seen.size < seen.add('values' in one ? one.id : one).size) yield one;
        }
        if (wanted.signal?.aborted) return;
      }
    } catch (thrown) {
      if (thrown instanceof Unlisted) yield { type, id: '', problem: thrown.problem, isCutOff: thrown.isCutOff };
      else yield this.failed({ type, id: '', doing: `list ${type}` }, thrown);
    }
  }

  /**
   * Reads one of the first lists that objects of a type are in, whichever the login may read; there is none where nothing contains such
   * objects. Never throws.
   */
  async sample(type: string): Promise<'readable' | 'empty' | Diagnostic> {
    const compiled = this.session.catalog.resource(type);
    const { list } = compiled.definition.binding;
    if (!list) return 'empty';
    try {
      const queries = (await this.queries(compiled, list, {})).slice(0, SAMPLED);
      let refused: unknown;
      for (const query of queries) {
        try {
          await list.pages(this.session.connected().client, query.key, query.hints)[Symbol.asyncIterator]().next();
          return 'readable';
        } catch (thrown) {
          if (!(thrown instanceof ApiError) || thrown.code !== 'forbidden') throw thrown;
          refused ??= thrown;
        }
      }
      return refused === undefined ? 'empty' : toDiagnostic(refused, `list ${type}`);
    } catch (thrown) {
      return thrown instanceof Unlisted ? thrown.problem : toDiagnostic(thrown, `list ${type}`);
    }
  }

  /** The lists that objects of a type are in. */
  private async queries(compiled: Compiled<ResourceDefinition>, list: ListBinding, wanted: Wanted): Promise<readonly ListQuery[]> {
    const every = list.scopes ? await this.scopes(compiled.definition.type, list.scopes) : await this.combinations(compiled, wanted);
    // A part that is not known before the objects are fits any.
    const fitting = every.filter(({ key }) => key.every((part, index) => part === '' || fits(compiled.key[index], part, wanted)));
    return [...new Map(fitting.map((query) => [list.scope(query.key, query.hints), query])).values()];
  }

  private async scopes(type: string, ask: NonNullable<ListBinding['scopes']>): Promise<readonly ListQuery[]> {
    const name = `scopes of ${type}`;
    const known = this.memory?.recall(name) as readonly ListQuery[] | undefined;
    const scopes = known ?? (await ask(this.session.connected().client));
    if (!known) this.memory?.keep(name, scopes);
    return scopes;
  }

  /** One query for each combination of what the parts of the key can be; parts that nothing tells determine no list. */
  private async combinations(compiled: Compiled<ResourceDefinition>, wanted: Wanted): Promise<readonly ListQuery[]> {
    let keys: readonly ObjectKey[] = [[]];
    for (const name of compiled.key) {
      const field = compiled.fields.find((one) => one.name === name);
      const partsAfter = field && !isOptional(compiled, name) ? await this.partsOf(field, compiled, wanted) : undefined;
      keys = keys.flatMap((key) => (partsAfter?.(key) ?? ['']).map((part) => [...key, part]));
    }
    const unknown = compiled.key.find((name, at) => keys[0]?.[at] === '' && !isOptional(compiled, name) && selects(compiled, at));
    if (unknown !== undefined) throw new Unlisted(undeclared(compiled.definition.type, unknown));
    return keys.map((key) => ({ key }));
  }

  /** The values that a part of a key can have after those before it; nothing if they cannot be known before the objects are. */
  private async partsOf(
    { name, shape, type: valid, facts: { refersTo } }: Field,
    compiled: Compiled<ResourceDefinition>,
    wanted: Wanted,
  ): Promise<((before: ObjectKey) => readonly string[]) | undefined> {
    if ('oneOf' in shape && shape.oneOf) return () => shape.oneOf ?? [];
    const { key: names } = compiled;
    const pattern = wanted.key?.get(name);
    // Nothing can have a name that is not valid, and in a path it may mean something else.
    if (pattern !== undefined && isLiteral(pattern) && (refersTo ?? selects(compiled, names.indexOf(name))))
      return () => (valid.safeParse(pattern).success ? [pattern] : []);
    if (!refersTo) return undefined;
    const { catalog } = this.session;
    const types = catalog.provider.resources.filter(({ type }) => isMeant(refersTo.type, type)).map(({ type }) => catalog.resource(type));
    const found = await Promise.all(types.map(async (type) => [type, await this.objects(type.definition.type)] as const));
    const broken = found.flatMap(([, objects]) => objects).find((one) => 'problem' in one && one.id === '');
    if (broken && 'problem' in broken) throw new Unlisted(broken.problem, broken.isCutOff);
    return (before) => [
      ...new Set(
        found.flatMap(([type, objects]) => {
          const attribute = type.fields.find(({ key }) => key === refersTo.attribute)?.name ?? '';
          const fits = (values: ValueRecord): boolean =>
            containersOf(type).every((part) => !names.includes(part) || before[names.indexOf(part)] === values[part]);
          return objects.flatMap((one) => {
            const value = 'values' in one && fits(one.values) ? one.values[attribute] : undefined;
            return typeof value === 'string' ? [value] : [];
          });
        }),
      ),
    ];
  }

  /** The objects of a list, kept unless some could not be read, or have secrets. */
  private async *remembered(crawl: Crawl, query: ListQuery): AsyncGenerator<Listed, void> {
    const { compiled, list } = crawl;
    const name = `${compiled.definition.type} in ${list.scope(query.key, query.hints)}`;
    const known = this.memory?.recall(name) as readonly Listed[] | undefined;
    if (known) return yield* known;
    if (this.cutOff) return yield this.cutOff;
    const objects: Listed[] = [];
    for await (const one of this.within(crawl, query)) {
      if (this.memory) objects.push(one);
      yield one;
    }
    const isWhole = objects.every((one) => 'values' in one && secretTexts(compiled.fields, one.values).length === 0);
    if (isWhole) this.memory?.keep(name, objects);
  }

  private async *within({ compiled, list, wanted }: Crawl, query: ListQuery): AsyncGenerator<Listed, void> {
    const { type, binding } = compiled.definition;
    const { client, reader } = this.session.connected();
    try {
      for await (const entries of reader.pages(binding, query.key, query.hints)) {
        const candidates = entries.flatMap((entry) => {
          const key = kindsApart(binding, entry).length === 0 ? list.keyOf(entry, query.key) : undefined;
          if (!key?.every((part, index) => fits(compiled.key[index], part, wanted))) return [];
          if (!list.except?.matches(client, entry)) return [{ key, entry }];
          wanted.excepted?.(list.except.why);
          return [];
        });
        for await (const listed of ahead(candidates, 8, (one) => this.shown(compiled, one, wanted))) yield* listed;
        if (wanted.signal?.aborted) return;
      }
    } catch (thrown) {
      const where = idOf(query.key.filter((part) => part !== ''));
      yield this.failed({ type, id: where === '' ? '' : `${where}/*`, doing: `list ${type}${where && ` in ${where}`}` }, thrown);
    }
  }

  private async shown(compiled: Compiled<ResourceDefinition>, { key, entry }: Candidate, wanted: Wanted): Promise<readonly Listed[]> {
    if (this.cutOff) return [this.cutOff];
    const { definition, fields } = compiled;
    const { type, binding } = definition;
    const { client, reader } = this.session.connected();
    const id = idOf(key);
    try {
      const start = Object.fromEntries(
        fields.flatMap(({ name }) => (compiled.key.includes(name) ? [[name, key[compiled.key.indexOf(name)] || null]] : [])),
      );
      if (wanted.keysOnly && !binding.managedSubset) return [{ type, id, single: false, values: start }];
      const single = readableFields(compiled).some((field) => !Object.hasOwn(entry, field));
      const whole = single ? await reader.single(binding, { key }) : entry;
      if (!whole) return [{ type, id, problem: error('Object Vanished', 'It was deleted on the server while the list was read.') }];
      const object = managed(binding, whole, {});
      if (!object) return [];
      const observed = await valuesOf({ compiled, object, server: client }, start);
      return 'values' in observed ? [{ type, id, single, values: observed.values }] : [{ type, id, problem: observed.diagnostic }];
    } catch (thrown) {
      return [this.failed({ type, id, doing: `read ${type} "${id}"` }, thrown)];
    }
  }

  private failed({ doing, ...what }: { readonly type: string; readonly id: string; readonly doing: string }, thrown: unknown): Listed {
    const failed = { ...what, problem: toDiagnostic(thrown, doing), isCutOff: isCutOff(thrown) };
    if (failed.isCutOff) this.cutOff ??= failed;
    return failed;
  }
}

/** What is looked for, and how. */
interface Crawl {
  readonly compiled: Compiled<ResourceDefinition>;
  readonly list: ListBinding;
  readonly wanted: Wanted;
}

/** An entry of a list with its key. */
interface Candidate {
  readonly key: ObjectKey;
  readonly entry: JsonObject;
}

/** The objects of one list, of which the first was requested. */
interface Opened {
  readonly first: IteratorResult<Listed, void>;
  readonly objects: AsyncIterable<Listed>;
}

async function* chain<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void> {
  yield first;
  yield* rest;
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Whether a part of a key is wanted. */
function fits(name: string | undefined, part: string, { key }: Wanted): boolean {
  const pattern = key?.get(name ?? '');
  return pattern === undefined || globOf(pattern).test(part);
}

/** Whether a part of the key determines which list objects are in. */
function selects({ definition, key }: Compiled<ResourceDefinition>, at: number): boolean {
  const scope = (part: string): string | undefined => definition.binding.list?.scope(key.map((_, index) => (index === at ? part : 'x')));
  return scope('y') !== scope('x');
}

const undeclared = (type: string, attribute: string): Diagnostic =>
  error(
    'Lists Not Known',
    `The lists of ${type} are one for each ${attribute}, and the definition does not say which there are: add refersTo to the attribute, or scopes to the list.`,
  );

/** The objects that others are in could not be listed. */
class Unlisted extends Error {
  constructor(
    readonly problem: Diagnostic,
    readonly isCutOff = false,
  ) {
    super(problem.detail);
  }
}

const isCutOff = (thrown: unknown): boolean =>
  thrown instanceof ApiError && ['unreachable', 'timeout', 'tls', 'cancelled'].includes(thrown.code);

/** The parts of a key that name what the object is in, such as its project. */
export const containersOf = ({ fields, key }: Compiled<ResourceDefinition>): readonly string[] =>
  key.filter((part) => fields.some(({ name, facts }) => name === part && facts.refersTo !== undefined));

/** Whether a reference means objects of a type. */
export const isMeant = (wanted: string | RegExp, type: string): boolean =>
  typeof wanted === 'string' ? wanted === type : wanted.test(type);
