import type { Client, ClientConfig, Pool, PoolClient, PoolConfig } from 'pg';
import type driver from 'pg';
import { type PostgresPool, type PostgresPoolClient } from 'kysely';
import { reasonOf } from '../../errors';
import { type Logger } from '../../logger';
import { type Listening, Messages } from './messages';
import { busy, DatabaseAway, DatabaseNewer, isAway, translated, unreachable } from './problems';
import { type DatabaseTarget, nameOf } from './target';

const BEAT_MS = 1000;
/** How long the server may take for its answer to a heartbeat, and to accept a connection. */
const PATIENCE_MS = 3000;
const GRACE_MS = 100;
/** How long statements wait for a connection while the server answers. */
const QUEUE_MS = 30_000;
/** The types of the server that come as numbers: bigint and numeric, of which no value here is beyond what a number holds exactly. */
const NUMBERS: readonly number[] = [20, 1700];
const BEAT = 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now';

type Driver = typeof driver;

const ignore = (): void => undefined;

/** What a link is made of. */
export interface LinkOptions {
  readonly target: DatabaseTarget;
  /** How many connections may be open for statements; one more is for the heartbeat. */
  readonly connections: number;
  readonly logger: Logger;
  /** Runs with each heartbeat; what it returns is why this program is too old for the database. */
  readonly judge: (query: (sql: string) => Promise<readonly Record<string, unknown>[]>) => Promise<string | undefined>;
}

/**
 * The connections to a database. A heartbeat of its own tells whether the server answers: while it does not, statements fail at once rather
 * than each after its own time, and those under way are ended.
 */
export class Link implements PostgresPool {
  /** What processes tell each other; the connection of the heartbeat listens. */
  readonly messages = new Messages();
  readonly #used = new Set<PoolClient>();
  readonly #waiting = new Set<(cause: Error) => void>();
  #away: DatabaseAway | undefined;
  #heart: Client | undefined;
  /** Why the connection of the heartbeat broke between two beats; the next statement on it fails without saying so. */
  #broke: Error | undefined;
  /** The reasons that the log has of the database being away. */
  readonly #told = new Set<string>();
  #beating: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** The server's time, and the time of a clock here that never jumps, at one moment. */
  #clock = { server: Date.now(), here: performance.now() };

  private constructor(
    private readonly options: LinkOptions,
    private readonly pg: Driver,
    private readonly pool: Pool,
  ) {
    // An idle connection that breaks is replaced when one is needed.
    pool.on('error', ignore);
  }

  /** Connects, or throws an error that says in words what is wrong, without the password. */
  static async open(options: LinkOptions): Promise<Link> {
    const { default: pg } = await import('pg');
    const config = configOf(options.target, pg);
    // In a pool, the time to connect includes that of waiting for others.
    class ImpatientClient extends pg.Client {
      constructor() {
        super({ ...config, connectionTimeoutMillis: PATIENCE_MS });
      }
    }
    const link = new Link(options, pg, new pg.Pool({ ...config, max: options.connections, Client: ImpatientClient }));
    try {
      await link.#beat();
    } catch (cause) {
      await link.end();
      throw cannotOpen(options.target, cause);
    }
    link.#schedule();
    return link;
  }

  /** The server's time in milliseconds. */
  now(): number {
    return Math.floor(this.#clock.server + (performance.now() - this.#clock.here));
  }

  async connect(): Promise<PostgresPoolClient> {
    if (this.#away) throw this.#away;
    const client = await this.#free();
    // A connection in use tells its failure to whoever waits for an answer.
    client.on('error', ignore);
    this.#used.add(client);
    let isBroken = false;
    return {
      query: (async (sql: string, parameters: unknown[]) => {
        if (this.#away) throw this.#away;
        return client.query(sql, parameters).catch((cause: unknown) => {
          isBroken ||= isAway(cause);
          throw this.#failed(cause);
        });
      }) as unknown as PostgresPoolClient['query'],
      release: () => {
        this.#used.delete(client);
        client.off('error', ignore);
        client.release(isBroken);
      },
    };
  }

  /** A connection that nobody uses, once there is one; nobody waits for it while the server does not answer. */
  #free(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => give(busy()), QUEUE_MS).unref();
      const give = (cause: Error) => {
        clearTimeout(timer);
        this.#waiting.delete(give);
        reject(cause);
      };
      this.#waiting.add(give);
      this.pool.connect().then(
        (client) => {
          clearTimeout(timer);
          if (this.#waiting.delete(give)) resolve(client);
          else client.release();
        },
        (cause: unknown) => give(this.#failed(cause) as Error),
      );
    });
  }

  async end(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#beating?.catch(() => undefined);
    await this.#heart?.end().catch(() => undefined);
    await this.pool.end().catch(() => undefined);
  }

  #failed(cause: unknown): unknown {
    const known = translated(cause);
    if (!(known instanceof DatabaseAway)) return known;
    // Connections that were ended because of what the heart found out fail for that reason.
    if (this.#away) return this.#away;
    // It finds out soon whether one connection broke or all.
    this.#schedule(0);
    return known;
  }

  #schedule(after = BEAT_MS): void {
    if (this.#isClosed || this.#beating) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#live(), after).unref();
  }

  async #live(): Promise<void> {
    const { logger, target } = this.options;
    this.#beating = this.#beat().then(
      () => {
        if (this.#away) logger.warn('the database can be used again', { database: nameOf(target) });
        this.#away = undefined;
        this.#told.clear();
      },
      (cause: unknown) => this.#lose(cause),
    );
    await this.#beating;
    this.#beating = undefined;
    this.#schedule();
  }

  #lose(cause: unknown): void {
    const away = cause instanceof DatabaseAway ? cause : unreachable();
    if (this.#isClosed) return;
    this.#tell(reasonOf(cause));
    if (this.#away?.message === away.message) return;
    this.#away = away;
    void this.#heart?.end().catch(() => undefined);
    this.#heart = undefined;
    // Those that wait for an answer get an error now.
    for (const client of this.#used) destroy(client);
    for (const give of this.#waiting) give(away);
  }

  /** That connections end says little; why there can be no new ones is known later, and may change. */
  #tell(reason: string): void {
    if (this.#told.has(reason)) return;
    const words = this.#told.size === 0 ? 'the database cannot be used' : 'the database still cannot be used';
    this.options.logger.error(words, { database: nameOf(this.options.target), reason });
    this.#told.add(reason);
  }

  async #beat(): Promise<void> {
    const heart = (this.#heart ??= await this.#newHeart());
    try {
      await withinPatience(
        (async () => {
          const { rows } = await heart.query<{ now: number }>(BEAT);
          this.#clock = { server: rows[0]?.now ?? Date.now(), here: performance.now() };
          const refusal = await this.options.judge(async (sql) => (await heart.query<Record<string, unknown>>(sql)).rows);
          if (refusal !== undefined) throw new DatabaseNewer(refusal);
        })(),
      );
    } catch (cause) {
      destroy(heart);
      this.#heart = undefined;
      throw this.#broke ?? cause;
    }
  }

  async #newHeart(): Promise<Client> {
    const client = new this.pg.Client(configOf(this.options.target, this.pg));
    this.#broke = undefined;
    client.on('error', (cause) => {
      if (client === this.#heart) this.#broke ??= cause;
    });
    try {
      await withinPatience(client.connect().then(() => this.messages.listen(client as Listening)));
      return client;
    } catch (cause) {
      destroy(client);
      throw cause;
    }
  }
}

function configOf({ host, port, user, password, database, tls, options }: DatabaseTarget, { types }: Driver): PoolConfig {
  const getTypeParser: ClientConfig['types'] = {
    getTypeParser: ((id: number, format?: 'text') => (NUMBERS.includes(id) ? Number : types.getTypeParser(id, format))) as never,
  };
  return {
    ...{ host, port, user, database, password: password.reveal(), ssl: tls },
    ...(options !== undefined && { options }),
    types: getTypeParser,
    application_name: 'repoform',
    keepAlive: true,
  };
}

/** Ends a connection without a word to the server, which may not be listening. */
function destroy(client: Client | PoolClient): void {
  (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
}

async function withinPatience(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const end = () => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`));
    // An answer that came while this process was busy with something else is read before its end.
    timer = setTimeout(() => (timer = setTimeout(end, GRACE_MS)), PATIENCE_MS).unref();
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What is wrong in words; the driver's own errors name a password nowhere, but they carry the connection's settings. */
function cannotOpen(target: DatabaseTarget, cause: unknown): Error {
  if (cause instanceof DatabaseAway) return new Error(cause.message);
  const state = (cause as { code?: string }).code ?? '';
  const lacksPassword = target.password.reveal() === '' && /^SASL\b/.test(reasonOf(cause));
  const reason = lacksPassword ? 'it requires a password, and none is given' : reasonOf(cause);
  const advice =
    lacksPassword || state.startsWith('28')
      ? `check the user ${JSON.stringify(target.user)} and its password`
      : state === '3D000'
        ? `create it first, e.g. by "createdb --encoding=UTF8 ${target.database}"`
        : 'check that the server runs and that the host and port are right';
  return new Error(`the database ${nameOf(target)} cannot be used: ${reason}; ${advice}`);
}
