import { setFlagsFromString } from 'node:v8';
import { type Database, type JSValue, type RunResult, type Statement } from 'node-sqlite3-wasm';
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/** How many prepared statements are kept; the product has a few dozen different queries. */
const KEPT_STATEMENTS = 200;

/** Makes the Kysely dialect for SQLite compiled to WebAssembly, over the database file at a path. */
export function wasmDialect(path: string): SqliteDialect {
  const database = async () => {
    // V8's optimizing compiler takes 50 MB for SQLite and makes no statement faster: their time goes into what lies around it.
    setFlagsFromString('--liftoff-only');
    const { default: sqlite } = await import('node-sqlite3-wasm');
    return new WasmDatabase(new sqlite.Database(path));
  };
  return new SqliteDialect({ database });
}

/** After some failures, such as a full disk, SQLite has rolled back by itself: that is no failure, and would hide the one before. */
function rolledBack(rollback: () => RunResult): RunResult {
  try {
    return rollback();
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.includes('no transaction is active')) throw cause;
    return { changes: 0, lastInsertRowid: 0 };
  }
}

/** Gives SQLite in WebAssembly the shape that Kysely's SQLite driver expects. */
class WasmDatabase implements SqliteDatabase {
  readonly #statements = new Map<string, Statement>();

  constructor(private readonly database: Database) {
    // Exclusive locking keeps the write-ahead log's index in memory: this build has no shared memory.
    for (const pragma of ['locking_mode=exclusive', 'journal_mode=wal', 'synchronous=normal', 'foreign_keys=on']) {
      this.database.all(`pragma ${pragma}`);
    }
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#statement(sql);
    const attempt = <T>(step: () => T): T => {
      try {
        return step();
      } catch (cause) {
        this.#drop(sql);
        throw cause;
      }
    };
    return {
      reader: /^\s*(select|with|pragma|explain)\b|\breturning\b/i.test(sql),
      all: (parameters) => attempt(() => statement.all([...parameters] as JSValue[])),
      run: (parameters) => {
        const run = () => attempt(() => statement.run([...parameters] as JSValue[]));
        return sql === 'rollback' ? rolledBack(run) : run();
      },
      iterate: (parameters) => statement.iterate([...parameters] as JSValue[]),
    };
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.database.close();
  }

  #statement(sql: string): Statement {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > KEPT_STATEMENTS) this.#dropOldest();
    return statement;
  }

  #dropOldest(): void {
    const [oldest] = this.#statements.keys();
    if (oldest !== undefined) this.#drop(oldest);
  }

  /** A statement that has failed tells of that failure again when it is used next, or finalized. */
  #drop(sql: string): void {
    const statement = this.#statements.get(sql);
    this.#statements.delete(sql);
    try {
      statement?.finalize();
    } catch {
      // It has been said.
    }
  }
}
