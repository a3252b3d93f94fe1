import type { ValueRecord } from '../common/value';
import type { ApiClient, Binding, ListBinding, ObjectKey } from '../schema/binding';
import type { JsonObject } from '../schema/json';

/** How reads by list behave. */
export interface ReaderOptions {
  /** Milliseconds that a list answers reads; 0 reads each object by itself. @default 30000 */
  readonly maxAge?: number;
  /** Told once for each list that failed; its objects are then read one by one. */
  readonly onListFailure?: (scope: string, cause: unknown) => void;
  /** The clock, in milliseconds. @default performance.now */
  readonly now?: () => number;
}

interface Snapshot {
  readonly takenAt: number;
  readonly objects: Promise<ReadonlyMap<string, JsonObject> | undefined>;
}

interface Scope {
  reads: number;
  snapshot?: Snapshot;
  broken?: boolean;
  /** When this process last began to write each key; a list begun before that does not answer for it. */
  readonly written: Map<string, number>;
}

/** An object to be found: its key, and what is known of it besides (see `Binding`). */
export interface Wanted {
  readonly key: ObjectKey;
  readonly known?: ValueRecord;
}

const text = (key: ObjectKey): string => key.join('\u0000');

/**
 * Reads objects with as few calls as can be. The first read of a scope is a GET, the second one a list that answers for all that
 * follow, until it is too old or the object was written by this process. What a list lacks is confirmed by a GET.
 */
export class Reader {
  private readonly scopes = new Map<string, Scope>();
  private readonly writes = new Map<string, Promise<void>>();

  constructor(
    private readonly client: ApiClient,
    private readonly options: ReaderOptions = {},
  ) {}

  /** The object, or nothing when the server says definitely that there is none. */
  async read(binding: Binding, wanted: Wanted, fields: readonly string[] = []): Promise<JsonObject | undefined> {
    const { key, known } = wanted;
    const list = this.answering(binding);
    if (!list) return binding.read(this.client, key, known);
    const scope = this.scope(list, wanted);
    scope.reads += 1;
    if (scope.reads === 1 && !scope.snapshot) return binding.read(this.client, key, known);
    const listed = (await this.listed(list, scope, wanted))?.get(text(key));
    const whole = listed !== undefined && fields.every((field) => Object.hasOwn(listed, field)) && isOfKind(binding, listed);
    return whole ? listed : binding.read(this.client, key, known);
  }

  /** Whether a new object's name is taken, asked of a list so that many creates need one call. The server has the last word. */
  async find(binding: Binding, wanted: Wanted): Promise<JsonObject | undefined> {
    const objects = await this.objects(binding, wanted);
    return objects ? objects.get(text(wanted.key)) : binding.read(this.client, wanted.key, wanted.known);
  }

  /** An object that another one names, asked of a list; what the list lacks is confirmed, since some objects are in no list. */
  async look(binding: Binding, wanted: Wanted): Promise<JsonObject | undefined> {
    const objects = await this.objects(binding, wanted);
    return objects?.get(text(wanted.key)) ?? binding.read(this.client, wanted.key, wanted.known);
  }

  /** All objects of a list, never older than a write of this process; `key` tells which list, where there are several. */
  async all(binding: Pick<Binding, 'list'>, key: ObjectKey = []): Promise<readonly JsonObject[]> {
    const { list } = binding;
    if (!list) throw new Error('this kind of object cannot be listed');
    if (!this.answering(binding)) return list.fetch(this.client, key);
    const scope = this.scope(list, { key });
    if (scope.snapshot && [...scope.written.values()].some((at) => at >= (scope.snapshot?.takenAt ?? 0))) delete scope.snapshot;
    const objects = await this.listed(list, scope, { key });
    return objects ? [...objects.values()] : list.fetch(this.client, key);
  }

  /** Writes an object, after the writes to it that came before; lists begun before the write ends do not answer for it. */
  async writing<T>(binding: Binding, wanted: Wanted, write: () => Promise<T>): Promise<T> {
    const scope = binding.list && this.scope(binding.list, wanted);
    const name = text(wanted.key);
    const queue = `${binding.list?.scope(wanted.key, wanted.known) ?? ''}\u0000${name}`;
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

  /** Forgets every list, e.g. those of the plan when the apply begins. */
  forget(): void {
    for (const scope of this.scopes.values()) delete scope.snapshot;
  }

  private async objects(binding: Binding, wanted: Wanted): Promise<ReadonlyMap<string, JsonObject> | undefined> {
    const list = this.answering(binding);
    return list && this.listed(list, this.scope(list, wanted), wanted);
  }

  private async listed(list: ListBinding, scope: Scope, wanted: Wanted): Promise<ReadonlyMap<string, JsonObject> | undefined> {
    if (scope.broken) return undefined;
    const snapshot = this.fresh(scope) ?? (scope.snapshot = { takenAt: this.now(), objects: this.fetch(list, scope, wanted) });
    const objects = await snapshot.objects;
    const written = scope.written.get(text(wanted.key));
    return written !== undefined && written >= snapshot.takenAt ? undefined : objects;
  }

  /** The list that may answer reads. */
  private answering({ list }: Pick<Binding, 'list'>): ListBinding | undefined {
    return list?.stale || this.maxAge === 0 ? undefined : list;
  }

  private get maxAge(): number {
    return this.options.maxAge ?? 30_000;
  }

  private fresh(scope: Scope): Snapshot | undefined {
    const { snapshot } = scope;
    return snapshot && this.now() - snapshot.takenAt < this.maxAge ? snapshot : undefined;
  }

  private async fetch(list: ListBinding, scope: Scope, { key, known }: Wanted): Promise<ReadonlyMap<string, JsonObject> | undefined> {
    try {
      const entries = await list.fetch(this.client, key, known);
      return new Map(entries.flatMap((entry) => (list.keyOf(entry, key) ? [[text(list.keyOf(entry, key) ?? []), entry] as const] : [])));
    } catch (cause) {
      scope.broken = true;
      this.options.onListFailure?.(list.scope(key, known), cause);
      return undefined;
    }
  }

  private scope(list: ListBinding, wanted: Wanted): Scope {
    const name = list.scope(wanted.key, wanted.known);
    const known = this.scopes.get(name) ?? { reads: 0, written: new Map<string, number>() };
    this.scopes.set(name, known);
    return known;
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }
}

/** Entries of another kind under the same path are read singly, so that there is one place that tells the user. */
function isOfKind(binding: Binding, object: JsonObject): boolean {
  return Object.entries(binding.constants ?? {}).every(([field, value]) => object[field] === undefined || object[field] === value);
}
