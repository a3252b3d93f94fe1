import { randomBytes } from 'node:crypto';
import { type Kysely, type Selectable } from 'kysely';
import { hashSecret, isSecret } from '../secrets';
import { KeptRows } from '../store/kept-rows';
import { type MetadataStore } from '../store/metadata';
import { formatScope, parseScope, type Scope } from './scopes';
import { type AccessTables, type TokenTable } from './tables';

/** A token as its owner may see it. Times are ISO 8601 in UTC. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** @default - never */
  readonly expiresAt?: string;
  /** To within a minute. @default - never */
  readonly usedAt?: string;
}

/** A token that is to be made. */
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** @default - it does not expire */
  readonly expiresAt?: string;
  /** Who makes it. */
  readonly by: string;
}

/** What tokens look like: a prefix that scanners for leaked secrets find, what finds the row, and 256 random bits. */
const TOKEN = /^rft_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const TOPIC = 'access tokens';
const KEPT = 1000;
const USE_NOTED_EVERY_MS = 60_000;

/** What is wrong with the name of a token; undefined if nothing is. */
export function tokenNameProblem(name: string): string | undefined {
  if (NAME.test(name)) return undefined;
  return `invalid name ${JSON.stringify(name)}: expected at most 63 letters, digits, ".", "_" and "-", beginning with a letter or digit`;
}

/** The tokens that were given out, by their hashes. */
export class Tokens {
  readonly #db: Kysely<AccessTables>;
  readonly #rows: KeptRows<Selectable<TokenTable>>;
  readonly #noted = new Map<string, number>();

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
    this.#rows = new KeptRows(metadata, TOPIC, KEPT);
  }

  /** Makes a token; undefined if the name is taken. The secret is in the answer and nowhere else. */
  async create({ name, scopes, expiresAt = '', by }: NewToken): Promise<{ readonly secret: string; readonly token: Token } | undefined> {
    const id = randomBytes(8).toString('hex');
    const secret = `rft_${id}_${randomBytes(32).toString('base64url')}`;
    const row: TokenTable = {
      ...{ id, name, hash: hashSecret(secret), scopes: JSON.stringify(scopes.map(formatScope)) },
      ...{ created_at: new Date(this.metadata.now()).toISOString(), created_by: by, expires_at: expiresAt, used_at: '' },
    };
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('access_tokens')
      .values(row)
      .onConflict((c) => c.column('name').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n ? { secret, token: toToken(row) } : undefined;
  }

  /** Every token, by name. */
  async list(): Promise<readonly Token[]> {
    const rows = await this.#db.selectFrom('access_tokens').selectAll().orderBy('created_at').orderBy('name').execute();
    return rows.map(toToken);
  }

  /** Forgets a token, which is refused from now on; returns whether it existed. */
  revoke(name: string): Promise<boolean> {
    return this.metadata.transaction(async (inside) => {
      await inside.touch(TOPIC);
      await inside.tell(TOPIC, '');
      const query = inside.tables<AccessTables>().deleteFrom('access_tokens').where('name', '=', name);
      return (await query.executeTakeFirst()).numDeletedRows > 0n;
    });
  }

  /** Calls a listener when a token was revoked, by whichever process, until the answer is called. */
  onRevoked(listener: () => void): () => void {
    return this.metadata.hear(TOPIC, listener);
  }

  /** Whether a text has the form of a token. */
  isToken(secret: string): boolean {
    return TOKEN.test(secret);
  }

  /** The token of a secret; undefined for one that is not known. It may have expired. */
  async find(secret: string): Promise<Token | undefined> {
    const [, id = ''] = TOKEN.exec(secret) ?? [];
    const row = await this.#row(id);
    return row && isSecret(secret, row.hash) ? tokenOf(row) : undefined;
  }

  /** The token of an id, for what has been found to be it before. */
  async byId(id: string): Promise<Token | undefined> {
    const row = await this.#row(id);
    return row && tokenOf(row);
  }

  /** Whether the time of a token is over. */
  isExpired({ expiresAt }: Token): boolean {
    return expiresAt !== undefined && Date.parse(expiresAt) <= this.metadata.now();
  }

  /** Remembers that a token was used. */
  async noteUse({ id }: Token): Promise<void> {
    const now = this.metadata.now();
    if (now - (this.#noted.get(id) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (this.#noted.size >= KEPT) this.#noted.clear();
    this.#noted.set(id, now);
    const used_at = new Date(now).toISOString();
    const query = this.#db.updateTable('access_tokens').set({ used_at }).where('id', '=', id);
    // Whoever may have something gets it also while this cannot be written.
    await query.execute().catch(() => this.#noted.delete(id));
  }

  #row(id: string): Promise<Selectable<TokenTable> | undefined> {
    return this.#rows.get(id, [], () => this.#db.selectFrom('access_tokens').selectAll().where('id', '=', id).executeTakeFirst());
  }
}

const known = new WeakMap<Selectable<TokenTable>, Token>();

/** The token of a row, which is read once as long as the row is kept. */
function tokenOf(row: Selectable<TokenTable>): Token {
  const token = known.get(row) ?? toToken(row);
  known.set(row, token);
  return token;
}

function toToken({ id, name, scopes, created_at, created_by, expires_at, used_at }: Selectable<TokenTable>): Token {
  // A scope that this version does not understand allows nothing.
  const read = (JSON.parse(scopes) as string[]).map(parseScope).filter((scope) => typeof scope !== 'string');
  const times = { createdAt: created_at, ...(expires_at && { expiresAt: expires_at }), ...(used_at && { usedAt: used_at }) };
  return { id, name, scopes: read, createdBy: created_by, ...times };
}
