import { type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { createHolds } from '../../../src/registry/store/holds';
import { KyselyMetadata } from '../../../src/registry/store/metadata';
import { type Bucket } from '../../../src/registry/store/s3/bucket';
import { createObjects, ObjectIndex } from '../../../src/registry/store/s3/object-index';
import { objectAt, Objects } from '../../../src/registry/store/s3/objects';
import { StorageAway } from '../../../src/registry/store/s3/problems';
import { wasmDialect } from '../../../src/registry/store/wasm-dialect';
import { tempFolder } from '../helpers';

const LATER = '9999-01-01T00:00:00.000Z';
const SIZE = 3;
const file = {} as FileHandle;

/** Decides, by a seed, what happens next of all that could. */
class Schedule {
  readonly #waiting: { readonly owner: object; readonly go: () => void }[] = [];

  constructor(private seed: number) {}

  random(below: number): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.seed / 2 ** 32) * below);
  }

  /** Resolves when it is this one's turn. */
  turn(owner: object): Promise<void> {
    return new Promise((go) => this.#waiting.push({ owner, go }));
  }

  /** What waits for a process that has died never goes on. */
  forget(owner: object): void {
    for (let index = this.#waiting.length; index-- > 0;) if (this.#waiting[index]?.owner === owner) this.#waiting.splice(index, 1);
  }

  /** Lets one of those that wait go on; false when nobody waits. */
  async next(): Promise<boolean> {
    const [chosen] = this.#waiting.splice(this.random(this.#waiting.length), 1);
    chosen?.go();
    await new Promise(setImmediate);
    return chosen !== undefined;
  }
}

/** Requests that were sent arrive whether or not their sender lives on, and whenever they like. */
const network = {};

/** What is in the bucket. */
interface Content {
  readonly objects: Set<string>;
  readonly deleted: Set<string>;
  /** What a writer that had long been given up wrote after all. Should it die before it notices, only a search of the bucket finds that. */
  readonly late: Set<string>;
}

/** One process: what it asks of tables and bucket happens when the schedule says so. */
function processOf(schedule: Schedule, index: ObjectIndex, content: Content): { objects: Objects; self: object } {
  const self = {};
  const { objects, deleted, late } = content;
  const request = async <T>(effect: () => T): Promise<T> => {
    await schedule.turn(self);
    const arrived = schedule.turn(network).then(effect);
    const answer = await arrived;
    await schedule.turn(self);
    return answer;
  };
  const bucket = {
    put: (key: string) =>
      request(() => {
        objects.add(key);
        if (deleted.has(key)) late.add(key);
      }),
    head: (key: string) => request(() => (objects.has(key) ? { size: SIZE, hash: objectAt(key)?.hash } : undefined)),
    delete: (key: string) =>
      request(() => {
        objects.delete(key);
        deleted.add(key);
      }),
    async *uploads() {},
  } as unknown as Bucket;
  const slow = new Proxy(index, {
    get(target, name: keyof ObjectIndex) {
      const method = target[name] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        await schedule.turn(self);
        const answer = await method.apply(target, args);
        await schedule.turn(self);
        return answer;
      };
    },
  });
  const explain = (cause: unknown) => new StorageAway('away', { cause });
  return { objects: new Objects({ bucket, index: slow, explain }), self };
}

interface TestTables {
  blobs: { hash: string; size: number; created_at: string; place: string };
  refs: { hash: string };
  loose_objects: { hash: string; place: string; created_at: string };
}

/** Tables of an index of objects, and of what refers to its blobs. */
export async function openIndex() {
  const metadata = new KyselyMetadata(new Kysely({ dialect: wasmDialect(join(tempFolder(), 'test.db')) }));
  const db = metadata.tables<TestTables>();
  await sql`create table blobs (hash text primary key, size bigint not null, created_at text not null)`.execute(db);
  await sql`create table refs (hash text not null references blobs (hash))`.execute(db);
  await createObjects(db as never);
  await createHolds(db as never);
  const index = new ObjectIndex(metadata, sql`(not exists (select 1 from refs where refs.hash = blobs.hash))`);
  return { metadata, db, index };
}

/**
 * Runs random interleavings of writers, deletions, sweeps and crashes of two processes, one for each seed. After each step a blob has to have its bytes,
 * and in the end each object its row.
 */
export async function interleave({ first, runs }: { readonly first: number; readonly runs: number }): Promise<void> {
  const { metadata, db, index } = await openIndex();
  const seen = { crashes: 0, dropped: 0, kept: 0, swept: 0 };
  for (let seed = first; seed < first + runs; seed++) {
    const content: Content = { objects: new Set(), deleted: new Set(), late: new Set() };
    const { objects } = content;
    const schedule = new Schedule(seed);
    const hash = seed.toString(16).padStart(64, '0');
    let processes = [processOf(schedule, index, content), processOf(schedule, index, content)];
    let active = 0;
    const isPresent = async () => {
      const row = await db.selectFrom('blobs').select('place').where('hash', '=', hash).executeTakeFirst();
      return row === undefined || objects.has(`sha256/00/${hash}.${row.place}`);
    };
    const perform = async ({ objects: own }: (typeof processes)[number]) => {
      const choice = schedule.random(8);
      if (choice < 4) {
        await own.keep({ hash, size: SIZE }, file);
        seen.kept++;
        // A reference fails where the blob has been deleted again; most hold.
        if (choice < 2)
          await sql`insert into refs (hash) values (${hash})`
            .execute(db)
            .catch((cause: Error) => expect(cause.message).toMatch('FOREIGN KEY'));
      } else if (choice < 6) {
        if (choice === 4) await sql`delete from refs where hash = ${hash}`.execute(db);
        if (await own.drop(hash, LATER)) seen.dropped++;
      } else {
        // Gives up writers that are still at it, as well: whatever time that takes, they must notice.
        seen.swept += await own.sweep(new Date(choice === 6 ? LATER : 0));
      }
    };
    for (let step = 0; step < 60; step++) {
      if (step < 40 && active < 4 && schedule.random(4) === 0) {
        active++;
        const actor = processes[schedule.random(2)];
        if (actor) void perform(actor).finally(() => active--);
      }
      if (step < 40 && schedule.random(25) === 0) {
        const victim = schedule.random(2);
        schedule.forget(processes[victim]?.self ?? {});
        processes = processes.map((each, n) => (n === victim ? processOf(schedule, index, content) : each));
        active = 0;
        seen.crashes++;
      }
      await schedule.next();
      if (!(await isPresent())) throw new Error(`seed ${seed}, step ${step}: a blob without its object`);
    }
    while (await schedule.next());
    if (!(await isPresent())) throw new Error(`seed ${seed}: a blob without its object`);
    const last = processOf(schedule, index, content);
    const sweeping = last.objects.sweep(new Date(LATER));
    while (await schedule.next());
    await sweeping;
    const row = await db.selectFrom('blobs').select('place').where('hash', '=', hash).executeTakeFirst();
    const known = [...objects].filter((key) => !content.late.has(key));
    expect([seed, known]).toEqual([seed, row ? [`sha256/00/${hash}.${row.place}`] : []]);
    expect(await db.selectFrom('loose_objects').selectAll().execute()).toEqual([]);
  }
  await metadata.close();
  // All of it has happened, and often.
  for (const [what, times] of Object.entries(seen)) expect([what, times > runs / 10]).toEqual([what, true]);
}
