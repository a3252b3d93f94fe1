import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable } from 'kysely';
import { type BkArtifactTables, type BkTemporaryTokenTable } from './tables';
import { type MetadataStore } from '../../../store/metadata';
import { timestamp } from '../tables';
import { type NodeKey } from './node';

/** What a token is good for. */
export const TOKEN_TYPES = ['UPLOAD', 'DOWNLOAD', 'ALL', 'PREVIEW'] as const;
/** One of the uses of a token. */
export type TokenType = (typeof TOKEN_TYPES)[number];

/** A temporary access token. */
export interface Token extends Omit<Selectable<BkTemporaryTokenTable>, 'users' | 'ips'> {
  readonly users: readonly string[];
  readonly ips: readonly string[];
}

/** A request for a token. */
export interface NewToken {
  readonly place: NodeKey;
  readonly users: readonly string[];
  readonly ips: readonly string[];
  /** Up to 0 it never expires. */
  readonly expireSeconds: number;
  readonly permits: number | null;
  readonly type: TokenType;
  readonly by: string;
}

/** The temporary access tokens. */
export class Tokens {
  readonly #db: Kysely<BkArtifactTables>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
  }

  /** Makes a token. */
  async create({ place, users, ips, expireSeconds, permits, type, by }: NewToken): Promise<Token> {
    const { project, repo, path: full_path } = place;
    const token = randomUUID().replaceAll('-', '');
    const expires_at = expireSeconds > 0 ? this.metadata.now() + expireSeconds * 1000 : 0;
    const row = { token, project, repo, full_path, expires_at, permits, type, created_by: by };
    await this.#db
      .insertInto('bkrepo_node_tokens')
      .values({ ...row, users: JSON.stringify(users), ips: JSON.stringify(ips) })
      .execute();
    return { ...row, users, ips };
  }

  /** One token. */
  async find(token: string): Promise<Token | undefined> {
    const row = await this.#db.selectFrom('bkrepo_node_tokens').selectAll().where('token', '=', token).executeTakeFirst();
    if (!row) return undefined;
    const lists = { users: JSON.parse(row.users) as string[], ips: JSON.parse(row.ips) as string[] };
    return { ...row, ...lists, expires_at: Number(row.expires_at) };
  }

  /** Takes one of the times a token may be used; returns whether there was one left. */
  async take(token: string): Promise<boolean> {
    const query = this.#db.updateTable('bkrepo_node_tokens').set((eb) => ({ permits: eb('permits', '-', 1) }));
    const { numUpdatedRows } = await query
      .where('token', '=', token)
      .where(({ or, eb }) => or([eb('permits', 'is', null), eb('permits', '>', 0)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Gives back what was taken for nothing. */
  async giveBack(token: string): Promise<void> {
    const query = this.#db.updateTable('bkrepo_node_tokens').set((eb) => ({ permits: eb('permits', '+', 1) }));
    await query.where('token', '=', token).execute();
  }

  /** Forgets tokens that expired before a moment. */
  async purge(before: number): Promise<void> {
    await this.#db.deleteFrom('bkrepo_node_tokens').where('expires_at', '>', 0).where('expires_at', '<', before).execute();
  }

  /** Forgets a token that was used as often as it may be. */
  async dropSpent(token: string): Promise<void> {
    await this.#db.deleteFrom('bkrepo_node_tokens').where('token', '=', token).where('permits', '<=', 0).execute();
  }
}

/** What a client sees of a token, apart from its secret. */
export function describedToken(token: Token): Record<string, unknown> {
  return {
    projectId: token.project,
    repoName: token.repo,
    fullPath: token.full_path,
    authorizedUserList: token.users,
    authorizedIpList: token.ips,
    expireDate: token.expires_at === 0 ? null : timestamp(new Date(token.expires_at)),
    permits: token.permits,
    type: token.type,
  };
}
