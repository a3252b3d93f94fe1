import { type Kysely } from 'kysely';
import { Collection } from '../../store/documents';
import { type MetadataStore, type Migration } from '../../store/metadata';
import { type KubeObject } from './objects';

/** The table of the objects, as documents of their kinds. */
export const OBJECTS = 'kubesphere_documents';

/** The count of all changes, and which object each of the last ones was of. */
interface ChangeTables {
  kubesphere_count: { name: string; revision: number };
  kubesphere_changes: { revision: number; kind: string; name: string };
}

/** Makes the tables of the changes. */
export const changesTables: Migration = async (db) => {
  await db.schema
    .createTable('kubesphere_count')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .execute();
  await (db as unknown as Kysely<ChangeTables>).insertInto('kubesphere_count').values({ name: COUNT, revision: 0 }).execute();
  await db.schema
    .createTable('kubesphere_changes')
    .addColumn('revision', 'bigint', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .execute();
};

/** A change of an object: what it is now, or that it is gone. */
export interface Changed {
  readonly revision: number;
  readonly kind: string;
  readonly name: string;
  readonly object: KubeObject | undefined;
}

const COUNT = 'objects';
const TOPIC = 'kubesphere';
/** How many changes are remembered, and how often older ones are forgotten. Who has missed more reads all objects anew. */
const [KEPT, PRUNED_EVERY] = [10_000, 1000];
const POLL_MS = 1000;

/** What follows the objects of a kind. */
export interface Follower {
  /** Hears of each change, in order. */
  apply(change: Changed): void;
  /** The objects that it was told of. */
  list(): readonly KubeObject[];
}

/** Nothing is to be changed. */
class Unchanged extends Error {}

/**
 * The objects in the database, and what this process knows of them. Every change, by whichever process, takes the next number of one count,
 * as the resource versions of an API server come from one store; whoever follows the numbers misses none.
 */
export class ObjectStore {
  /** The number of the last change that is known here. */
  #revision = 0;
  /** The number of the database's topic when the changes were read last. */
  #seen: number | undefined;
  #reading: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly followers: ReadonlyMap<string, Follower>,
  ) {}

  /** Reads what is there. */
  async open(): Promise<void> {
    await this.#reload();
    const newest = this.#known().reduce((most, { object }) => Math.max(most, Number(object.metadata.resourceVersion)), 0);
    if (newest <= this.#revision) return;
    // Objects that were counted elsewhere, or by an older version.
    const count = this.#tables().updateTable('kubesphere_count').set({ revision: newest });
    await count.where('name', '=', COUNT).where('revision', '<', newest).execute();
    await this.#reload();
  }

  /** Looks for changes of other processes every second, also while nobody asks. */
  poll(): void {
    this.#timer = setInterval(() => void this.refresh().catch(() => undefined), POLL_MS).unref();
  }

  /** Ends that. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** Brings what is known up to date with what was committed before. */
  async refresh(): Promise<void> {
    const topic = await this.metadata.revision(TOPIC);
    if (topic === this.#seen) return;
    await this.#read();
    this.#seen = topic;
  }

  /**
   * Changes one object, one change after the other among all processes. The steps get the object as it is and return it as it is to be, the
   * same to change nothing, or nothing to remove it; they may throw. Returns the object, with its new resource version.
   */
  async change<T extends KubeObject>(kind: string, name: string, steps: (known: T | undefined) => T | undefined): Promise<T | undefined> {
    let result: T | undefined;
    let revision = 0;
    try {
      await this.metadata.transactionOnce(async (inside) => {
        revision = await nextRevision(inside);
        const documents = new Collection<T>(inside, kind, OBJECTS);
        const stored = await documents.get(name);
        const known = stored && withoutOid(stored);
        result = steps(known);
        if (result === known) throw new Unchanged();
        if (!result) await documents.remove(name);
        else {
          result = { ...result, metadata: { ...result.metadata, resourceVersion: String(revision) } };
          if (known) await documents.replace(name, { ...result, oid: '' });
          else await documents.insert({ id: name }, result);
        }
        await note(inside, { revision, kind, name });
      });
    } catch (cause) {
      if (cause instanceof Unchanged) return result;
      throw cause;
    }
    if (revision === this.#revision + 1) this.#take({ revision, kind, name, object: result });
    else await this.#read();
    return result;
  }

  /** Reads the changes since the last that is known; one such reading after the other. */
  #read(): Promise<void> {
    const next = this.#reading.then(() => this.#readChanges());
    this.#reading = next.catch(() => undefined);
    return next;
  }

  async #readChanges(): Promise<void> {
    const since = this.#revision;
    const query = this.#tables().selectFrom('kubesphere_changes').selectAll().where('revision', '>=', since).orderBy('revision');
    const [first, ...more] = (await query.execute()).map((row) => ({ ...row, revision: Number(row.revision) }));
    // Where the last known one is forgotten, others after it may be.
    if (first === undefined || first.revision > since + 1) return this.#reload();
    const news = first.revision === since ? more : [first, ...more];
    const latest = new Map(news.map((change) => [keyOf(change.kind, change.name), change]));
    const objects = await this.#objects([...latest.values()]);
    for (const change of [...latest.values()].sort((one, other) => one.revision - other.revision))
      this.#take({ ...change, object: objects.get(keyOf(change.kind, change.name)) });
    this.#revision = Math.max(this.#revision, news.at(-1)?.revision ?? 0);
  }

  /** Reads all objects, and tells of those that are new, other or gone. */
  async #reload(): Promise<void> {
    const count = this.#tables().selectFrom('kubesphere_count').select('revision').where('name', '=', COUNT);
    const revision = Number((await count.executeTakeFirstOrThrow()).revision);
    const query = this.#documents().selectFrom(OBJECTS).selectAll().orderBy('oid');
    const rows = await query.where('kind', 'in', [...this.followers.keys()]).execute();
    const gone = new Map(this.#known().map((each) => [keyOf(each.kind, each.object.metadata.name), each]));
    for (const { kind, id: name, document } of rows) {
      const object = JSON.parse(document) as KubeObject;
      const before = gone.get(keyOf(kind, name))?.object.metadata.resourceVersion;
      gone.delete(keyOf(kind, name));
      if (before !== object.metadata.resourceVersion) this.#apply({ revision, kind, name, object });
    }
    for (const { kind, object } of gone.values()) this.#apply({ revision, kind, name: object.metadata.name, object: undefined });
    this.#revision = Math.max(this.#revision, revision);
  }

  async #objects(changes: readonly { kind: string; name: string }[]): Promise<Map<string, KubeObject>> {
    const found = new Map<string, KubeObject>();
    for (const kind of new Set(changes.map((change) => change.kind))) {
      const names = changes.filter((change) => change.kind === kind).map(({ name }) => name);
      for (let from = 0; from < names.length; from += 500) {
        const query = this.#documents().selectFrom(OBJECTS).selectAll().where('kind', '=', kind);
        for (const { id, document } of await query.where('id', 'in', names.slice(from, from + 500)).execute())
          found.set(keyOf(kind, id), JSON.parse(document) as KubeObject);
      }
    }
    return found;
  }

  /** A change that came on another way as well is told once. */
  #take(change: Changed): void {
    if (change.revision <= this.#revision) return;
    this.#revision = change.revision;
    this.#apply(change);
  }

  #apply(change: Changed): void {
    this.followers.get(change.kind)?.apply(change);
  }

  #known(): { readonly kind: string; readonly object: KubeObject }[] {
    return [...this.followers].flatMap(([kind, follower]) => follower.list().map((object) => ({ kind, object })));
  }

  #tables(): Kysely<ChangeTables> {
    return this.metadata.tables();
  }

  #documents(): Kysely<Record<string, { kind: string; id: string; oid: string; document: string }>> {
    return this.metadata.tables();
  }
}

function keyOf(kind: string, name: string): string {
  return JSON.stringify([kind, name]);
}

/** Takes the next number, and with it the lock of its row: whoever changes something after this waits for the end. */
async function nextRevision(inside: MetadataStore): Promise<number> {
  const count = inside
    .tables<ChangeTables>()
    .updateTable('kubesphere_count')
    .set((eb) => ({ revision: eb('revision', '+', 1) }));
  return Number((await count.where('name', '=', COUNT).returning('revision').executeTakeFirstOrThrow()).revision);
}

async function note(inside: MetadataStore, change: ChangeTables['kubesphere_changes']): Promise<void> {
  const db = inside.tables<ChangeTables>();
  await db.insertInto('kubesphere_changes').values(change).execute();
  if (change.revision % PRUNED_EVERY === 0)
    await db
      .deleteFrom('kubesphere_changes')
      .where('revision', '<=', change.revision - KEPT)
      .execute();
  await inside.touch(TOPIC);
}

function withoutOid<T extends object>({ oid: _oid, ...object }: T & { readonly oid: string }): T {
  return object as unknown as T;
}
