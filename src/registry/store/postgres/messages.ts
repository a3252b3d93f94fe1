import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Kysely, sql } from 'kysely';

/** Names the channel of a registry; the notifications of a database reach all who listen there, whichever schema they use. */
const CHANNEL = `'repoform_' || md5(current_schema())`;
/** A notification must be shorter than 8,000 bytes. */
const PIECE = 7900;
/** How many pieces a message may have, and how many incomplete ones are kept. */
const [MOST_PIECES, KEPT] = [999, 100];
const HEAD = /^([0-9a-f-]{36}) (\d{1,3}) (\d{1,3}) /;

/** What a connection that listens has to do with it. */
export interface Listening {
  query(sql: string): Promise<{ rows: unknown[] }>;
  on(event: 'notification', listener: (message: { payload?: string | undefined }) => void): unknown;
}

/** Messages between the processes of a database, by `NOTIFY`. One that is sent while a process cannot be reached does not reach it. */
export class Messages {
  readonly #heard = new EventEmitter().setMaxListeners(0);
  readonly #incomplete = new Map<string, string[]>();

  /** Has a new connection listen. */
  async listen(client: Listening): Promise<void> {
    client.on('notification', ({ payload = '' }) => this.#take(payload));
    const { rows } = await client.query(`select ${CHANNEL} as name`);
    await client.query(`listen "${(rows[0] as { name: string }).name}"`);
  }

  /** Sends a message to all processes, also this one; inside a transaction, once that is committed. */
  async tell(db: Kysely<never>, topic: string, text: string): Promise<void> {
    const id = randomUUID();
    // Without other characters, the pieces are as long in bytes as they are here.
    const whole = JSON.stringify([topic, text]).replace(
      /[^\x20-\x7e]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const count = Math.ceil(whole.length / PIECE);
    if (count > MOST_PIECES) throw new Error(`a message of ${whole.length} bytes is too long for other processes`);
    const pieces = Array.from({ length: count }, (_, n) => `${id} ${n} ${count} ${whole.slice(n * PIECE, (n + 1) * PIECE)}`);
    await sql`select pg_notify(${sql.raw(CHANNEL)}, piece) from unnest(${pieces}::text[]) as piece`.execute(db);
  }

  /** Hears messages of a topic until the answer is called. */
  hear(topic: string, listener: (text: string) => void): () => void {
    this.#heard.on(`topic ${topic}`, listener);
    return () => this.#heard.off(`topic ${topic}`, listener);
  }

  /** Whoever may use the database can send anything. */
  #take(payload: string): void {
    const [head = '', id = '', index = '', count = ''] = HEAD.exec(payload) ?? [];
    const [at, all] = [Number(index), Number(count)];
    if (head === '' || at >= all || all > MOST_PIECES) return;
    const pieces = this.#incomplete.get(id) ?? [];
    pieces[at] = payload.slice(head.length);
    this.#incomplete.delete(id);
    if (Object.keys(pieces).length === all) return this.#emit(pieces.join(''));
    this.#incomplete.set(id, pieces);
    if (this.#incomplete.size > KEPT) this.#incomplete.delete(this.#incomplete.keys().next().value ?? '');
  }

  #emit(whole: string): void {
    try {
      const [topic, text] = JSON.parse(whole) as unknown[];
      if (typeof topic === 'string' && typeof text === 'string') this.#heard.emit(`topic ${topic}`, text);
    } catch {
      // Not one of ours.
    }
  }
}
