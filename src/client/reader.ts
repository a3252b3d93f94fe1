import type { ApiError } from '../schema/define/errors';
import type { ValueRecord } from '../common/value';
import type { ApiClient, Binding, ListBinding, ObjectKey } from '../schema/define/binding';
import type { JsonObject } from '../schema/define/json';
import type { ServerProof } from '../schema/define/provider';
import { contradicted, Watched, Witness } from './absence';
import { SharedCall } from './shared-call';
import { SharedPages } from './shared-pages';

/** Options for reads from lists. */
export interface ReaderOptions {
  /** Milliseconds for which a list serves reads; 0 reads each object individually. @default 30000 */
  readonly maxAge?: number;
  /** How the server proves its identity, besides by lists. @default no other proofs */
  readonly proofs?: readonly ServerProof[];
  /** Called once for each list that failed; its objects are then read individually. */
  readonly onListFailure?: (scope: string, cause: unknown) => void;
  /** The clock, in milliseconds. @default performance.now */
  readonly now?: () => number;
}

type Objects = ReadonlyMap<string, JsonObject>;

interface Snapshot {
  readonly takenAt: number;
  readonly objects: Promise<Objects | undefined>;
}

interface Scope {
  reads: number;
  snapshot?: Snapshot;
  broken?: boolean;
  /** The list as it is read page by page. */
  pages?: SharedPages;
  /** Lists for callers that need one started after their request. */
  anew?: SharedCall<Objects | undefined>;
  /** Single reads in flight for callers that need nothing older than their request. */
  alone: number;
  /** When this process last started to write each key; a list started before that is not used for it. */
  readonly written: Map<string, number>;
}

/** An object to find: its key, and other known values (see `Binding`). */
export interface ObjectQuery {
  readonly key: ObjectKey;
  readonly hints?: ValueRecord;
}

const keyText = (key: ObjectKey): string => key.join('\u0000');

/**
 * Reads objects with as few calls as possible. The first read in a scope is a GET, the second one a list that serves all that
 * follow, until it is too old or this process wrote the object. An object missing in a list is confirmed by a GET, and a "not found"
 * by a proof of the server's identity.
 */
export class Reader {
  private readonly scopes = new Map<string, Scope>();
  private readonly writes = new Map<string, Promise<void>>();
  private readonly witness: Witness;

  constructor(
    private readonly client: ApiClient,
    private readonly options: ReaderOptions = {},
  ) {
    this.witness = new Witness(client, options.proofs);
  }

  /** The object, or nothing if the server confirms that it does not exist. */
  async read(binding: Binding, wanted: ObjectQuery, fields: readonly string[] = []): Promise<JsonObject | undefined> {
    const list = this.answering(binding);
    if (!list) return this.single(binding, wanted);
    const scope = this.scope(list, wanted);
    scope.reads += 1;
    if (scope.reads === 1 && !scope.snapshot) return this.single(binding, wanted);
    const listed = (await this.listed(list, scope, wanted))?.get(keyText(wanted.key));
    return isWhole(binding, listed, fields) ? listed : this.single(binding, wanted);
  }

  /** The same, by a GET or a list that starts after this call: others may have changed the server. */
  async readNow(binding: Binding, wanted: ObjectQuery, fields: readonly string[] = []): Promise<JsonObject | undefined> {
    const list = this.answering(binding);
    const scope = list && this.scope(list, wanted);
    if (!list || !scope || scope.broken) return this.single(binding, wanted);
    if (scope.alone > 0) {
      const listed = (await this.listedNow(list, scope, wanted))?.get(keyText(wanted.key));
      if (isWhole(binding, listed, fields)) return listed;
    }
    scope.alone += 1;
    return this.single(binding, wanted).finally(() => (scope.alone -= 1));
  }

  /** The object, by its own GET, or nothing if the server confirms that it does not exist. */
  async single(binding: Binding, wanted: ObjectQuery): Promise<JsonObject | undefined> {
    const watched = new Watched(this.client);
    const object = await binding.read(watched, wanted.key, wanted.hints);
    return object || !watched.doubt ? object : this.confirm(binding, wanted, watched.doubt);
  }

  /** Whether a new object's name is taken, according to a list, so that many creates need one call. The server decides in the end. */
  async findListed(binding: Binding, wanted: ObjectQuery): Promise<JsonObject | undefined> {
    const objects = await this.objects(binding, wanted);
    return objects ? objects.get(keyText(wanted.key)) : binding.read(this.client, wanted.key, wanted.hints);
  }

  /** An object that another one refers to, from a list; a missing one is confirmed, because some objects are not listed. */
  async findConfirmed(binding: Binding, wanted: ObjectQuery): Promise<JsonObject | undefined> {
    const objects = await this.objects(binding, wanted);
    return objects?.get(keyText(wanted.key)) ?? binding.read(this.client, wanted.key, wanted.hints);
  }

  /** All objects in a list, never older than a write of this process; `key` selects the list if there are several. */
  async list(binding: Pick<Binding, 'list'>, key: ObjectKey = [], hints?: ValueRecord): Promise<readonly JsonObject[]> {
    const { list } = binding;
    const wanted = { key, ...(hints && { hints }) };
    if (!list) throw new Error('this kind of object cannot be listed');
    if (!this.answering(binding)) return list.fetch(this.client, key, hints);
    const scope = this.scope(list, wanted);
    if (scope.snapshot && [...scope.written.values()].some((at) => at >= (scope.snapshot?.takenAt ?? 0))) delete scope.snapshot;
    const objects = await this.listed(list, scope, wanted);
    return objects ? [...objects.values()] : list.fetch(this.client, key, hints);
  }

  /**
   * The objects of a list as they come, page by page; no more pages are requested than are read, and one that was read serves everyone
   * who reads the list, as long as lists serve reads. Throws what the list throws.
   */
  async *pages({ list }: Pick<Binding, 'list'>, key: ObjectKey = [], hints?: ValueRecord): AsyncGenerator<readonly JsonObject[], void> {
    if (!list) throw new Error('this kind of object cannot be listed');
    const begin = (): AsyncIterable<readonly JsonObject[]> => this.certain((client) => list.pages(client, key, hints));
    if (!this.answering({ list })) return yield* begin();
    const scope = this.scope(list, { key, ...(hints && { hints }) });
    const isValid = ({ takenAt }: SharedPages): boolean =>
      this.now() - takenAt < this.maxAge && [...scope.written.values()].every((at) => at < takenAt);
    const pages = scope.pages && isValid(scope.pages) ? scope.pages : new SharedPages(this.now(), begin());
    scope.pages = pages;
    try {
      yield* pages.read();
    } catch (thrown) {
      if (scope.pages === pages) delete scope.pages;
      throw thrown;
    }
  }

  /** Pages of which none may come from something else than the server. */
  private async *certain(list: (client: ApiClient) => AsyncIterable<readonly JsonObject[]>): AsyncGenerator<readonly JsonObject[], void> {
    const watched = new Watched(this.client);
    for await (const page of list(watched)) {
      if (watched.doubt) throw watched.doubt;
      yield page;
    }
    if (watched.doubt) throw watched.doubt;
  }

  /** All objects in a list that starts after this call. */
  async listNow(binding: Pick<Binding, 'list'>, key: ObjectKey = []): Promise<readonly JsonObject[]> {
    const { list } = binding;
    if (!list) throw new Error('this kind of object cannot be listed');
    const objects = this.answering(binding) && (await this.listedNow(list, this.scope(list, { key }), { key }));
    return objects ? [...objects.values()] : list.fetch(this.client, key);
  }

  /** Deletes an object, after earlier writes to it; if it no longer exists, that is confirmed. */
  remove(binding: Binding, wanted: ObjectQuery, client: ApiClient): Promise<void> {
    return this.writing(binding, wanted, async () => {
      const watched = new Watched(client);
      await binding.remove(watched, wanted.key, wanted.hints ?? {});
      if (watched.doubt && (await this.confirm(binding, wanted, watched.doubt))) throw contradicted(watched.doubt, 'it is still there');
    });
  }

  /** Runs calls that treat "not found" as a result; if it lacks an API error code, the server must prove its identity. */
  async sure<T>(client: ApiClient, work: (client: ApiClient) => Promise<T>): Promise<T> {
    const watched = new Watched(client);
    const result = await work(watched);
    if (watched.doubt) await this.witness.shown(watched.doubt);
    return result;
  }

  /** Whether a server that lacks an object appears to have no objects at all. */
  async serverIsEmpty(binding: Binding, wanted: ObjectQuery): Promise<boolean> {
    const others = binding.list && (await this.scope(binding.list, wanted).snapshot?.objects);
    return others !== undefined && others.size > 0 ? false : this.witness.isEmpty();
  }

  /** Writes an object, after earlier writes to it; lists started before the write ends are not used for it. */
  async writing<T>(binding: Binding, wanted: ObjectQuery, write: () => Promise<T>): Promise<T> {
    const scope = binding.list && this.scope(binding.list, wanted);
    const name = keyText(wanted.key);
    const queue = `${binding.list?.scope(wanted.key, wanted.hints) ?? ''}\u0000${name}`;
    const before = this.writes.get(queue) ?? Promise.resolve();
    const turn = before.then(async () => {
      scope?.written.set(name, Infinity);
      try {
        return await write();
      } finally {
        scope?.written.set(name, this.now());
      }
    });
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.writes.set(queue, settled);
    void settled.then(() => this.writes.get(queue) === settled && this.writes.delete(queue));
    return turn;
  }

  /** Discards every list, e.g. those of the plan when the apply starts. */
  forget(): void {
    for (const scope of this.scopes.values()) {
      delete scope.snapshot;
      delete scope.pages;
    }
  }

  /** Confirms a "not found": nothing if the server proves its identity and does not list the object; the object if it exists after all. */
  private async confirm(binding: Binding, wanted: ObjectQuery, doubt: ApiError): Promise<JsonObject | undefined> {
    const list = binding.list?.partial ? undefined : binding.list;
    const objects = list && (await this.anew(list, this.scope(list, wanted), wanted));
    if (objects && !objects.has(keyText(wanted.key))) return undefined;
    if (!objects) await this.witness.shown(doubt);
    const watched = new Watched(this.client);
    const object = await binding.read(watched, wanted.key, wanted.hints);
    if (!object && objects && watched.doubt) throw contradicted(watched.doubt, 'the server lists the object');
    return object;
  }

  private async objects(binding: Binding, wanted: ObjectQuery): Promise<Objects | undefined> {
    const list = this.answering(binding);
    return list && this.listed(list, this.scope(list, wanted), wanted);
  }

  private async listed(list: ListBinding, scope: Scope, wanted: ObjectQuery): Promise<Objects | undefined> {
    if (scope.broken) return undefined;
    const snapshot = this.fresh(scope) ?? this.take(list, scope, wanted);
    const objects = await snapshot.objects;
    return this.isWrittenSince(scope, wanted, snapshot.takenAt) ? undefined : objects;
  }

  private async listedNow(list: ListBinding, scope: Scope, wanted: ObjectQuery): Promise<Objects | undefined> {
    const asked = this.now();
    const objects = scope.broken ? undefined : await this.anew(list, scope, wanted);
    return this.isWrittenSince(scope, wanted, asked) ? undefined : objects;
  }

  private isWrittenSince({ written }: Scope, { key }: ObjectQuery, moment: number): boolean {
    return (written.get(keyText(key)) ?? -Infinity) >= moment;
  }

  /** A list that starts after this call, shared by concurrent callers. */
  private anew(list: ListBinding, scope: Scope, wanted: ObjectQuery): Promise<Objects | undefined> {
    scope.anew ??= new SharedCall(() => this.take(list, scope, wanted).objects);
    return scope.anew.afterNow();
  }

  private take(list: ListBinding, scope: Scope, wanted: ObjectQuery): Snapshot {
    return (scope.snapshot = { takenAt: this.now(), objects: this.fetch(list, scope, wanted) });
  }

  /** The list that may serve reads. */
  private answering({ list }: Pick<Binding, 'list'>): ListBinding | undefined {
    return this.maxAge === 0 || list?.partial ? undefined : list;
  }

  private get maxAge(): number {
    return this.options.maxAge ?? 30_000;
  }

  private fresh(scope: Scope): Snapshot | undefined {
    const { snapshot } = scope;
    return snapshot && this.now() - snapshot.takenAt < this.maxAge ? snapshot : undefined;
  }

  private async fetch(list: ListBinding, scope: Scope, { key, hints }: ObjectQuery): Promise<Objects | undefined> {
    try {
      const watched = new Watched(this.client);
      const entries = await list.fetch(watched, key, hints);
      if (watched.doubt) throw watched.doubt;
      delete scope.broken;
      return new Map(entries.flatMap((entry) => (list.keyOf(entry, key) ? [[keyText(list.keyOf(entry, key) ?? []), entry] as const] : [])));
    } catch (cause) {
      // A stop is meant for what would be tried instead, too.
      if (cause instanceof Error && 'code' in cause && cause.code === 'cancelled') {
        delete scope.snapshot;
        throw cause;
      }
      if (!scope.broken) this.options.onListFailure?.(list.scope(key, hints), cause);
      scope.broken = true;
      return undefined;
    }
  }

  private scope(list: ListBinding, wanted: ObjectQuery): Scope {
    const name = `${list.origin}\u0000${list.scope(wanted.key, wanted.hints)}`;
    const known = this.scopes.get(name) ?? { reads: 0, alone: 0, written: new Map<string, number>() };
    this.scopes.set(name, known);
    return known;
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }
}

/** Whether a list entry has all requested fields. */
function isWhole(binding: Binding, listed: JsonObject | undefined, fields: readonly string[]): listed is JsonObject {
  return listed !== undefined && fields.every((field) => Object.hasOwn(listed, field)) && isOfKind(binding, listed);
}

/** Entries of another kind under the same path are read individually, so that one place reports them. */
function isOfKind(binding: Binding, object: JsonObject): boolean {
  return Object.entries(binding.constants ?? {}).every(([field, value]) => object[field] === undefined || object[field] === value);
}
