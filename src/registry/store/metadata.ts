import { EventEmitter } from 'node:events';
import { type Kysely } from 'kysely';

/**
 * Where metadata is kept: SQL tables, whatever the engine. A statement by itself is atomic and safe beside any other, also of another
 * process; what needs more than one is a transaction.
 */
export interface MetadataStore {
  /** The tables of one part of the registry, for its queries. */
  tables<T>(): Kysely<T>;
  /**
   * Runs steps of which all happen or none. What they read still holds when they end, whatever others do meanwhile; an engine that
   * cannot promise this by waiting runs them again, so they must bear that. Inside, only the store that is handed in may be used.
   */
  transaction<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T>;
  /**
   * Runs steps of which all happen or none, once: for those that also do something outside of the tables. Each statement sees what others
   * have committed by then, so only locks of rows, unique keys and references hold until the end.
   */
  transactionOnce<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T>;
  /**
   * A number that becomes another one when something changes that a topic stands for, by whichever process. What was read from the tables
   * after the number holds for as long as the number does. An engine that other processes use as well reads it from a table.
   */
  revision(topic: string): number | Promise<number>;
  /** Tells, inside the transaction of a change, what changes with it. There may be some thousands of topics, not one for each row. */
  touch(topic: string): void | Promise<void>;
  /**
   * Tells all processes that share the engine, this one as well; inside a transaction, once that is committed. A message that is sent while a
   * process cannot reach the engine does not reach the process, so nothing may depend on it alone.
   */
  tell(topic: string, text: string): Promise<void>;
  /** Hears what is told under a topic until the answer is called. */
  hear(topic: string, listener: (text: string) => void): () => void;
  /** The time in milliseconds, by one clock for all processes that share the engine. */
  now(): number;
  /** Runs steps over all rows as they are at one moment, whatever happens to them meanwhile; nothing can be changed there. */
  snapshot<T>(steps: (frozen: MetadataStore) => Promise<T>): Promise<T>;
  /** Lets the engine see what a table has, after many rows were added: until then it may look for a row among all that share a part of its key. */
  survey(table: string): Promise<void>;
  /** Throws unless the engine answers. */
  ping(): Promise<void>;
  /** Lets go of the engine. */
  close(): Promise<void>;
}

/** A step from one schema to the next; one that was published never changes. */
export type Migration = (db: Kysely<never>) => Promise<void>;

/** The tables of one part of the registry. */
export interface TableSet {
  /** Names the part in the record of which migrations were done. */
  readonly name: string;
  /** Every step from nothing to the present tables, oldest first. */
  readonly migrations: readonly Migration[];
  /** The numbers that the first of them had while all parts were counted together. @default - none: the part is younger */
  readonly counted?: readonly number[];
  /** The tables whose rows keep the blob that their column `hash` names. @default - none */
  readonly keepers?: readonly string[];
  /** Those of them that keep only what the registry can fetch or generate again. @default - none */
  readonly renewable?: readonly string[];
  /** The tables whose rows mean nothing in another store. @default - none */
  readonly own?: readonly string[];
  /** What is secret of its tables. @default - nothing */
  readonly secrets?: Readonly<Record<string, SecretRule>>;
}

/** What is secret of a table. */
export interface SecretRule {
  /** Tells rows that stand for a secret as a whole. @default - none does */
  readonly isSecret?: (row: Readonly<Record<string, unknown>>) => boolean;
  /** The names of secret members in its JSON documents. @default - none */
  readonly members?: readonly string[];
}

/** Makes a copy of a database, over a connection that nobody else uses meanwhile; the copy is gone when it is closed. */
export type CopyOf = (connection: Kysely<unknown>) => Promise<MetadataStore>;

interface KyselyParts {
  /** The numbers of all topics. */
  readonly revisions?: Map<string, number>;
  /** Inside a transaction, what it has told to change. */
  readonly touched?: Set<string>;
  /** Who hears what is told. */
  readonly heard?: EventEmitter;
  /** Inside a transaction, what it has told. */
  readonly told?: (() => void)[];
  /** @default - there are no snapshots */
  readonly copy?: CopyOf;
}

const noCopy: CopyOf = () => Promise.reject(new Error('this database has no copies'));

/** The metadata store over an engine that runs one transaction after the other, and that no other process uses. */
export class KyselyMetadata implements MetadataStore {
  readonly #revisions: Map<string, number>;
  readonly #touched: Set<string> | undefined;
  readonly #heard: EventEmitter;
  readonly #told: (() => void)[] | undefined;
  readonly #copy: CopyOf;

  constructor(
    private readonly db: Kysely<unknown>,
    { revisions = new Map(), touched, heard = new EventEmitter().setMaxListeners(0), told, copy = noCopy }: KyselyParts = {},
  ) {
    this.#heard = heard;
    this.#told = told;
    this.#revisions = revisions;
    this.#touched = touched;
    this.#copy = copy;
  }

  tables<T>(): Kysely<T> {
    return this.db as Kysely<T>;
  }

  async transaction<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    if (this.db.isTransaction) return steps(this);
    const touched = new Set<string>();
    const told: (() => void)[] = [];
    const parts = { revisions: this.#revisions, touched, heard: this.#heard, told };
    const run = () => this.db.transaction().execute((trx) => steps(new KyselyMetadata(trx, parts)));
    const result = await run().finally(() => {
      // After the end: whoever reads the new number reads the new rows. Also after a failure, which may be one of the answer only.
      for (const topic of touched) this.touch(topic);
    });
    for (const tell of told) tell();
    return result;
  }

  transactionOnce<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    return this.transaction(steps);
  }

  revision(topic: string): number {
    return this.#revisions.get(topic) ?? 0;
  }

  touch(topic: string): void {
    if (this.#touched) this.#touched.add(topic);
    else this.#revisions.set(topic, this.revision(topic) + 1);
  }

  tell(topic: string, text: string): Promise<void> {
    const tell = () => void this.#heard.emit(`topic ${topic}`, text);
    if (this.#told) this.#told.push(tell);
    else tell();
    return Promise.resolve();
  }

  hear(topic: string, listener: (text: string) => void): () => void {
    this.#heard.on(`topic ${topic}`, listener);
    return () => this.#heard.off(`topic ${topic}`, listener);
  }

  now(): number {
    return Date.now();
  }

  /** Nobody changes anything while the copy is made. */
  async snapshot<T>(steps: (frozen: MetadataStore) => Promise<T>): Promise<T> {
    const copy = await this.db.connection().execute((connection) => this.#copy(connection));
    try {
      return await steps(copy);
    } finally {
      await copy.close();
    }
  }

  /** Its plans do not depend on what tables have. */
  survey(): Promise<void> {
    return Promise.resolve();
  }

  async ping(): Promise<void> {
    await this.tables<{ meta: { key: string } }>().selectFrom('meta').select('key').limit(1).execute();
  }

  close(): Promise<void> {
    return this.db.destroy();
  }
}
