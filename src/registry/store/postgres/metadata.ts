import { setTimeout as sleep } from 'node:timers/promises';
import {
  ColumnDefinitionNode,
  type DataTypeNode,
  type IsolationLevel,
  Kysely,
  type LogEvent,
  PostgresDialect,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { type MetadataStore } from '../metadata';
import { type Link } from './link';
import { busy, isCollision } from './problems';
import { Revisions, type RevisionTables, touchRevision } from './revisions';

/** How often a transaction that collides with others is run, and the longest wait before it is run again. */
const TRIES = 30;
const LONGEST_WAIT_MS = 200;
/** Stands for the registry among the advisory locks of a database. */
const MIGRATION_LOCK = 0x7265706f;

/** Hears of each statement once it has ended. */
export type Logged = ((event: LogEvent) => void) | undefined;

/** The metadata store over PostgreSQL, which any number of processes may use at once. */
export class PostgresMetadata implements MetadataStore {
  /** Inside a transaction, what it has told to change. */
  readonly #touched = new Set<string>();

  private constructor(
    private readonly db: Kysely<RevisionTables>,
    private readonly link: Link,
    private readonly revisions: Revisions,
  ) {}

  /** The store over the connections of a link. */
  static over(link: Link, log?: Logged): PostgresMetadata {
    const db = new Kysely<RevisionTables>({ dialect: new BinaryPostgres({ pool: link }), ...(log && { log }) });
    return new PostgresMetadata(db, link, new Revisions(db));
  }

  tables<T>(): Kysely<T> {
    return this.db as unknown as Kysely<T>;
  }

  async transaction<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#run('serializable', steps);
      } catch (cause) {
        if (this.db.isTransaction || !isCollision(cause, tries)) throw cause;
        if (tries === TRIES) throw busy();
      }
      await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, 2 ** tries));
    }
  }

  transactionOnce<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    return this.#run('read committed', steps);
  }

  /** Runs steps while no other process does the same, each of which sees what the one before has left. */
  alone<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    return this.transactionOnce(async (inside) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(inside.tables());
      return steps(inside);
    });
  }

  revision(topic: string): number | Promise<number> {
    // What is read inside a transaction is not kept.
    return this.db.isTransaction ? NaN : this.revisions.get(topic);
  }

  async touch(topic: string): Promise<void> {
    if (this.#touched.has(topic)) return;
    if (this.db.isTransaction) this.#touched.add(topic);
    await touchRevision(this.tables(), topic);
  }

  async tell(topic: string, text: string): Promise<void> {
    await this.link.messages.tell(this.tables(), topic, text);
  }

  hear(topic: string, listener: (text: string) => void): () => void {
    return this.link.messages.hear(topic, listener);
  }

  now(): number {
    return this.link.now();
  }

  snapshot<T>(steps: (frozen: MetadataStore) => Promise<T>): Promise<T> {
    return this.#run('repeatable read', steps);
  }

  /** PostgreSQL does so by itself, but not before the rows are committed. */
  async survey(table: string): Promise<void> {
    await sql`analyze ${sql.table(table)}`.execute(this.db);
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.db);
  }

  close(): Promise<void> {
    return this.db.destroy();
  }

  #run<T>(isolation: IsolationLevel, steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    if (this.db.isTransaction) return steps(this);
    const transaction = this.db.transaction().setIsolationLevel(isolation);
    return transaction.execute((trx) => steps(new PostgresMetadata(trx, this.link, this.revisions)));
  }
}

/** PostgreSQL whose texts are compared byte by byte, as in SQLite, whatever the language of the database. */
class BinaryPostgres extends PostgresDialect {
  override createQueryCompiler(): PostgresQueryCompiler {
    return new BinaryCompiler();
  }
}

class BinaryCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    const isText = node.dataType === 'text' || node.dataType.startsWith('varchar');
    if (isText && this.parentNode && ColumnDefinitionNode.is(this.parentNode)) this.append(' collate "C"');
  }
}
