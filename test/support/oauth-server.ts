import { randomUUID } from 'node:crypto';
import { type Got, type Reply, startServer, type TestServer } from '../../src/testing/http-server';

/** How the server of tokens behaves. */
export interface OAuthOptions {
  /** Seconds that an access token is good for. */
  readonly lifetime: number;
  /** Whether a refresh token comes with it. @default true */
  readonly refreshes?: boolean;
}

/** An API of teams behind a token endpoint, by RFC 6749 (sections 4.3, 5 and 6) and RFC 6750. */
export interface OAuthServer extends TestServer {
  /** The grants that were asked for, in order. */
  readonly grants: string[];
  /** All tokens that were ever given. */
  readonly tokens: string[];
  /** Answers without a token that holds, calls with one, and grants before which the last token was never refused. */
  readonly counts: { refused: number; served: number; early: number };
  /** Makes all access tokens worthless, and with `all` the refresh tokens. */
  revoke(all?: boolean): void;
  /** Whether the account may log in. */
  account: { enabled: boolean };
  /** Whether the API takes any token. */
  api: { takesTokens: boolean };
}

export const user = { username: 'ada', password: 'l0velace-pw' } as const;

/** Starts the server. */
export async function startOAuthServer({ lifetime, refreshes = true }: OAuthOptions): Promise<OAuthServer> {
  const [access, refresh, teams] = [new Map<string, number>(), new Set<string>(), new Map<string, unknown>()];
  const own = {
    grants: [] as string[],
    tokens: [] as string[],
    counts: { refused: 0, served: 0, early: 0 },
    account: { enabled: true },
    api: { takesTokens: true },
  };
  const given = (kind: string): string => {
    const token = `${kind}-${randomUUID()}`;
    own.tokens.push(token);
    return token;
  };

  let refusedBefore = 0;
  const grant = (form: URLSearchParams): Reply => {
    own.grants.push(form.get('grant_type') ?? '');
    refusedBefore = own.counts.refused;
    const invalid: Reply = { status: 400, body: { error: 'invalid_grant', error_description: 'the grant is not valid' } };
    if (!own.account.enabled) return invalid;
    if (form.get('grant_type') === 'refresh_token') {
      if (!refresh.delete(form.get('refresh_token') ?? '')) return invalid;
    } else if (form.get('username') !== user.username || form.get('password') !== user.password) return invalid;
    const [token, next] = [given('access'), given('refresh')];
    access.set(token, Date.now() + lifetime * 1000);
    if (refreshes) refresh.add(next);
    const body = { access_token: token, token_type: 'Bearer', expires_in: lifetime, ...(refreshes && { refresh_token: next }) };
    return { status: 200, headers: { 'cache-control': 'no-store' }, body };
  };

  const answer = async (got: Got): Promise<Reply> => {
    if (got.path === '/oauth/token') {
      if (got.headers.authorization !== undefined) return { status: 400, body: { error: 'invalid_request' } };
      if (own.counts.refused === refusedBefore) own.counts.early += 1;
      // Long enough for others to ask at the same time.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return grant(new URLSearchParams(got.text));
    }
    const [, token = ''] = /^Bearer (.+)$/.exec(got.headers.authorization ?? '') ?? [];
    if (!own.api.takesTokens || (access.get(token) ?? 0) < Date.now()) {
      own.counts.refused += 1;
      return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: { error: `invalid token ${token}` } };
    }
    own.counts.served += 1;
    return teamsAnswer(teams, got);
  };

  const server = await startServer(answer);
  return {
    ...server,
    ...own,
    revoke(all = false) {
      access.clear();
      if (all) refresh.clear();
    },
  };
}

async function teamsAnswer(teams: Map<string, unknown>, { method, path, json }: Got): Promise<Reply> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  const name = path.split('/')[2];
  if (name === undefined && method === 'GET') return { status: 200, body: [...teams.values()] };
  const key = name ?? (json as { name: string }).name;
  if (method === 'POST' && teams.has(key)) return { status: 409 };
  if (method === 'POST' || method === 'PUT') teams.set(key, json);
  if (method === 'DELETE') return { status: teams.delete(key) ? 204 : 404 };
  return teams.has(key) ? { status: 200, body: teams.get(key) } : { status: 404 };
}
