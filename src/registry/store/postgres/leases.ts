import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { type Lease, type Leases } from '../leases';
import { type TableSet } from '../metadata';

/** What processes do alone, who does it, and until when unless they say again that they do; by the server's clock, in milliseconds. */
export interface LeaseTables {
  leases: { name: string; holder: string; expires_at: number };
}

/** How long a lease outlives its process. */
const LIFETIME_MS = 6000;
const RENEW_MS = 2000;
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 250;

const clock = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const expiry = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint + ${sql.lit(LIFETIME_MS)}`;

/** The table of the leases, which only an engine has that several processes use. */
export const leaseTables: TableSet = {
  name: 'leases',
  migrations: [
    async (db) => {
      await db.schema
        .createTable('leases')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('holder', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .execute();
    },
  ],
};

/** Leases as rows that expire, because a lock of a session would tie up its connection and needs a pooler that keeps sessions. */
export class PostgresLeases implements Leases {
  readonly isShared = true;
  readonly #held = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Kysely<LeaseTables>) {}

  async take(name: string, patienceMs: number): Promise<Lease> {
    const holder = await this.#wait(name, patienceMs);
    return {
      isShared: true,
      isHeld: holder !== undefined,
      release: () => (holder === undefined ? Promise.resolve() : this.#release([holder])),
    };
  }

  /** Gives back what is held. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#held.size > 0) await this.#release([...this.#held]);
  }

  /** Who holds the lease from now on for this process; undefined if its time came first. */
  async #wait(name: string, patienceMs: number): Promise<string | undefined> {
    const holder = randomUUID();
    const end = performance.now() + patienceMs;
    for (let look = FIRST_LOOK_MS; !(await this.#tryTake(name, holder)); look = Math.min(look * 2, LAST_LOOK_MS)) {
      const left = end - performance.now();
      if (left <= 0) return undefined;
      await sleep(Math.min(look, left));
    }
    this.#held.add(holder);
    this.#timer ??= setInterval(() => void this.#renew().catch(() => undefined), RENEW_MS).unref();
    return holder;
  }

  async #tryTake(name: string, holder: string): Promise<boolean> {
    const insert = this.db.insertInto('leases').values({ name, holder, expires_at: expiry });
    const query = insert.onConflict((c) =>
      c.column('name').doUpdateSet({ holder, expires_at: expiry }).where('leases.expires_at', '<=', clock),
    );
    return (await query.returning('name').executeTakeFirst()) !== undefined;
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    const holders = [...this.#held];
    await this.db.updateTable('leases').set({ expires_at: expiry }).where('holder', 'in', holders).execute();
    // What dead processes have left.
    await this.db
      .deleteFrom('leases')
      .where('expires_at', '<', sql<number>`${clock} - 60000`)
      .execute();
  }

  /** One that cannot be given back expires. */
  async #release(holders: readonly string[]): Promise<void> {
    for (const holder of holders) this.#held.delete(holder);
    await this.db
      .deleteFrom('leases')
      .where('holder', 'in', holders)
      .execute()
      .catch(() => undefined);
  }
}
